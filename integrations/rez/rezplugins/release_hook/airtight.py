"""Lints a package before it is released, and cancels the release when Airtight finds something new.

Rez runs a pre-release hook before it builds what it releases, so the hook builds the package itself, into a repository
that is gone afterwards.
"""
import os
import shutil
import subprocess
import sys
import tempfile

from rez.build_process import create_build_process
from rez.build_system import create_build_system
from rez.exceptions import ReleaseHookCancellingError, RezError
from rez.release_hook import ReleaseHook

# Exit codes of airtight lint that let a release through: clean, and a baseline that holds what is gone.
PASSING = (0, 4)


class AirtightReleaseHook(ReleaseHook):

    schema_dict = {
        "command": [str],
        "args": [str],
        "build": bool,
        "on_failure": str,
    }

    @classmethod
    def name(cls):
        return "airtight"

    def pre_release(self, user, install_path, variants=None, **kwargs):
        repository = None
        try:
            if self.settings.build:
                repository = tempfile.mkdtemp(prefix="airtight-")
                self._build(repository, variants)
                folder = self._folder(repository)
            else:
                folder = self._folder(self.package.config.local_packages_path)
                if not os.path.isdir(folder):
                    raise ReleaseHookCancellingError(
                        "%s is not there: build and install the package first" % folder)
            self._lint(folder)
        finally:
            if repository is not None:
                shutil.rmtree(repository, ignore_errors=True)

    def _folder(self, repository):
        return os.path.join(repository, self.package.name, str(self.package.version))

    def _build(self, repository, variants):
        """Builds and installs the package as `rez build --install --prefix` would."""
        try:
            system = create_build_system(self.source_path, package=self.package)
            process = create_build_process(
                "local", self.source_path, build_system=system, package=self.package, quiet=True)
            process.build(install_path=repository, clean=True, install=True, variants=variants)
        except RezError as error:
            raise ReleaseHookCancellingError("the package cannot be built: %s" % error)

    def _lint(self, folder):
        command = list(self.settings.command) + ["lint", folder]
        # What a released package may use: the local packages path of whoever releases is not among it.
        for path in self.package.config.nonlocal_packages_path:
            command += ["--repo", path]
        command += list(self.settings.args)
        try:
            # The result goes to stderr, so that what reads the output of rez release is not disturbed.
            code = subprocess.call(command, stdout=sys.stderr)
        except OSError as error:
            raise ReleaseHookCancellingError("%s cannot be started: %s" % (command[0], error))
        if code in PASSING:
            return
        reason = "airtight lint found what is not to be released" if code == 1 else \
            "airtight lint could not judge the package (exit code %d)" % code
        if self.settings.on_failure == "warn":
            print("warning: %s" % reason, file=sys.stderr)
        else:
            raise ReleaseHookCancellingError(reason)


def register_plugin():
    return AirtightReleaseHook
