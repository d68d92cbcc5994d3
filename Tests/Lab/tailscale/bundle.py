"""Bundles the stand-in client into two single-file programs, tailscale and tailscaled: bundle.py VERSION FOLDER."""

import io
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent


def bundle(program: str, version: str, target: pathlib.Path) -> None:
    main = f"from standin import {program}_main\nimport sys\n\nsys.exit({program}_main.main(sys.argv[1:]))\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundled:
        for source in sorted(path for path in (HERE / "standin").glob("*.py") if path.name != "release.py"):
            # A fixed date: the same sources give the same bytes, whoever builds.
            bundled.writestr(zipfile.ZipInfo(f"standin/{source.name}"), source.read_bytes())
        bundled.writestr(zipfile.ZipInfo("standin/release.py"), f'SHORT = "{version}"\n')
        bundled.writestr(zipfile.ZipInfo("__main__.py"), main)
    # -E and -s: nothing in the caller's environment or home changes what runs as root.
    target.write_bytes(b"#!/usr/bin/python3 -Es\n" + archive.getvalue())
    target.chmod(0o755)


if __name__ == "__main__":
    _, wanted, folder = sys.argv
    bundle("tailscale", wanted, pathlib.Path(folder) / "tailscale")
    bundle("tailscaled", wanted, pathlib.Path(folder) / "tailscaled")
