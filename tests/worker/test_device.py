import subprocess
import sys

import pytest

from planner.pilots.workload import BUILT_IN
from worker.device import describe_device, describe_versions, gpus_of
from worker.workloads import WORKLOADS


def test_the_cpu_has_a_name_and_memory() -> None:
    device = describe_device("cpu")
    assert device.kind == "cpu"
    assert device.name
    assert device.memory_bytes > 2**28


def test_a_cuda_device_is_named_by_its_index() -> None:
    assert gpus_of("cuda:1") == (1,)
    assert gpus_of("cuda:0,2") == (0, 2)
    assert gpus_of("cuda:0-2,5") == (0, 1, 2, 5)
    assert gpus_of("cpu") == ()


@pytest.mark.parametrize(
    "device",
    ["cuda", "cuda:", "cuda:x", "cuda:0,", "cuda:0-", "cuda:0,0", "cuda:2-1", "gpu:0", ""],
)
def test_another_name_is_refused(device: str) -> None:
    with pytest.raises(ValueError, match=r"neither cpu nor GPUs|names a GPU twice, or none"):
        describe_device(device)


def test_the_versions_name_torch_and_numpy() -> None:
    assert describe_versions().startswith("torch 2.")
    assert "numpy 2." in describe_versions()


def test_a_compiled_step_counts_as_another_version() -> None:
    assert describe_versions(compiled=True) != describe_versions()


def test_the_worker_trains_every_workload_that_can_be_planned() -> None:
    assert WORKLOADS.keys() == BUILT_IN.keys()


def test_a_supervisor_needs_no_torch() -> None:
    program = "import sys, worker.main; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
