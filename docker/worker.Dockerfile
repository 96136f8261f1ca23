# A worker: the only program that knows torch. It trains, measures and talks HTTP to the API.
FROM python:3.11-slim-bookworm AS build

# Where pip may also look for torch. The index of CPU wheels makes an image without CUDA, a tenth
# of the size; empty, the build for NVIDIA devices is installed from the same pin.
ARG TORCH_INDEX=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY planner planner
COPY wording wording
COPY worker worker
# What runs gets an environment without pip, and no file of the build but these.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} \
        -c requirements.lock -e ".[worker,s3]"

FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH="/venv/bin:$PATH"
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
RUN useradd --system --uid 10001 paybatch \
    && install -d -o paybatch -m 0700 /data /locks

USER paybatch
ENV HOME=/tmp
VOLUME /data
CMD ["python", "-m", "worker", "--help"]
