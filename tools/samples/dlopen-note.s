# An ELF dlopen note (systemd.io/ELF_DLOPEN_METADATA): owner FDO, type 0x407c0c0a, a JSON array.
  .section .note.dlopen, "a", @note
  .balign 4
  .long 4, 2f - 1f, 0x407c0c0a
  .asciz "FDO"
1: .asciz "[{\"feature\":\"audio\",\"description\":\"Plays sound\",\"priority\":\"recommended\",\"soname\":[\"libpulse.so.0\"]}]"
2: .balign 4
  .section .note.GNU-stack, "", @progbits
