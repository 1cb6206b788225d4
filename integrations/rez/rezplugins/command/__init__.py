# The folder of plugins of one type, as Rez looks for it on plugin_path.
