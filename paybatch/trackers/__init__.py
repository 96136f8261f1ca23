"""Pilots in other people's trackers: MLflow and TensorBoard, each imported where it is used."""

from paybatch.trackers.missing import TrackerMissing as TrackerMissing
from paybatch.trackers.mlflow_runs import to_mlflow as to_mlflow
from paybatch.trackers.tensorboard_files import to_tensorboard as to_tensorboard
