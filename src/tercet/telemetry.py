"""Telemetry: libraries that report their use to their makers are told not to, unless the user has said otherwise."""

import os

#: Variable -> the value that tercet sets where the user has set none. What each one ends:
SWITCHES = {
    "DO_NOT_TRACK": "1",  # what any tool reports that heeds https://donottrack.sh, huggingface_hub among them
    "HF_HUB_DISABLE_TELEMETRY": "1",  # what huggingface_hub, transformers and datasets send along with a request
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",  # a request for each metric and data set that is loaded, to be counted
    "DISABLE_SAFETENSORS_CONVERSION": "1",  # a request that names a model whose weights are in another format
    "RAY_USAGE_STATS_ENABLED": "0",  # Ray's reports of clusters
}


def switch_off() -> None:
    """Set the variables that are not set; before the libraries are imported, for they read them once."""
    for name, value in SWITCHES.items():
        os.environ.setdefault(name, value)
