# Settings of the release hook; see README.md beside the plugins.
airtight = {
    "command": ["airtight"],
    "args": [],
    "build": True,
    "on_failure": "cancel",
}
