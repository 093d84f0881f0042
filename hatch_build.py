"""The package's own build step: compile the forecast kernel where a C compiler is at hand; without one the wheel carries numpy only."""

import importlib.util
import sys
import sysconfig
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KernelBuildHook(BuildHookInterface):
    """Put the compiled kernel beside its source, and into the wheel with the platform's tag."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are gathered; a failure is told, never fatal."""
        build = kernel_build(Path(self.root))
        try:
            compiled = build.compile_kernel()
        except OSError as error:
            compiled = False
            sys.stderr.write(f"forecast kernel: {error}\n")
        sys.stderr.write(f"forecast kernel: {'C' if compiled else 'numpy (no C compiler was found)'}\n")
        if compiled and version != "editable":
            build_data["artifacts"].append(f"neutromon/forecast/{build.PLACE.name}")
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"


def kernel_build(root: Path) -> ModuleType:
    """Return neutromon.forecast.build without the packages that the program itself needs."""
    spec = importlib.util.spec_from_file_location("kernel_build", root / "neutromon" / "forecast" / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
