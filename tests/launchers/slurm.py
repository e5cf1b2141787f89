"""A stand-in for Slurm: `sbatch` runs an array at once, on this machine; `sacct` says what is known of it.

It knows no more than submitit needs of it. The words that it prints are those of Slurm's manual pages.
"""

import sys
from pathlib import Path

_SBATCH = """\
#!{python}
import os, pathlib, re, subprocess, sys
text = pathlib.Path(sys.argv[1]).read_text()
if "--partition=unknown" in text:
    sys.exit("sbatch: error: invalid partition specified: unknown")
pathlib.Path("{folder}", "batch.sh").write_text(text)
last = int(re.search(r"--array=0-([0-9]+)", text)[1])
jobs = []
for task in range(last + 1):
    told = dict(SLURM_JOB_ID=str(100 + task), SLURM_ARRAY_JOB_ID="77", SLURM_ARRAY_TASK_ID=str(task), SLURM_PROCID="0")
    subprocess.Popen(["bash", sys.argv[1]], env=dict(os.environ, **told), stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL, start_new_session=True)
print("Submitted batch job 77")
"""
_SRUN = """\
#!/bin/bash
while [[ "$1" == --* ]]; do
    case "$1" in --output|--error) shift 2 ;; *) shift ;; esac
done
exec "$@"
"""
_SACCT = """\
#!/bin/bash
echo 'JobID|State|NodeList'
"""


def install(folder: Path) -> None:
    """Put the stand-in's programs into a folder."""
    programs = {
        "sbatch": _SBATCH.format(python=sys.executable, folder=folder),
        "srun": _SRUN,
        "sacct": _SACCT,
        "scancel": "#!/bin/bash\n",
    }
    for name, text in programs.items():
        path = folder / name
        path.write_text(text, "utf-8")
        path.chmod(0o755)
