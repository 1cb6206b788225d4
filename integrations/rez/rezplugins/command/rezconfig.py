# Settings of `rez airtight`.
airtight = {
    "command": ["airtight"],
}
