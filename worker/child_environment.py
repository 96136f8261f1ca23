"""What programs that run other people's code are told by the environment: a list, and no secret.

Whatever is not named here stays with the worker: settings of Paybatch, keys of clouds, passwords
within addresses of proxies and databases.
"""

from collections.abc import Mapping

_NAMES = frozenset(
    {
        "HOME",
        "LANG",
        "LANGUAGE",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "LOGNAME",
        "PATH",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "TMPDIR",
        "TZ",
        "USER",
        "VIRTUAL_ENV",
    }
)

_BEGINNINGS = (
    "CUBLAS_",
    "CUDA_",
    "CUDNN_",
    "FAKETIME",
    "LC_",
    "MKL_",
    "NCCL_",
    "NVIDIA_",
    "OMP_",
    "OPENBLAS_",
    "PYTHON",
    "PYTORCH_",
    "TORCH",
    "TRITON_",
    "XDG_",
    "WORKLOAD_",
)
"""``WORKLOAD_`` is for plug-ins alone: whoever runs the worker tells them something by it."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def child_environment(ours: Mapping[str, str]) -> dict[str, str]:
    """The variables of ours that a program with a plug-in gets; it computes in one thread."""
    passed = {name: ours[name] for name in ours if name in _NAMES or name.startswith(_BEGINNINGS)}
    return passed | _ONE_THREAD
