"""
Audit the libraries of packages and contexts with Airtight.
"""
import os
import subprocess
import sys

from rez.command import Command
from rez.config import config

# Everything behind `rez airtight` belongs to Airtight, options as well.
command_behavior = {
    "hidden": False,
    "arg_mode": "passthrough",
}


def setup_parser(parser, completions=False):
    pass


def command(opts, parser=None, extra_arg_groups=None):
    arguments = [argument for group in (extra_arg_groups or []) for argument in group]
    environment = dict(os.environ)
    environment["REZ_PACKAGES_PATH"] = os.pathsep.join(config.packages_path)
    program = list(config.plugins.command.airtight.command)
    try:
        sys.exit(subprocess.call(program + arguments, env=environment))
    except OSError as error:
        print("error: %s cannot be started: %s" % (program[0], error), file=sys.stderr)
        sys.exit(2)


class AirtightCommand(Command):

    schema_dict = {
        "command": [str],
    }

    @classmethod
    def name(cls):
        return "airtight"


def register_plugin():
    return AirtightCommand
