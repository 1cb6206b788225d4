"""Opens what it needs by name."""
import ctypes

JACK = ctypes.CDLL('libjack.so.0')
