# The API with its queue and reviews: the only program that opens the database.
FROM python:3.11-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY planner planner
COPY wording wording
COPY paybatch paybatch
COPY backend backend
# What runs gets an environment without pip, and no file of the build but these.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install -c requirements.lock -e ".[backend]"

FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH="/venv/bin:$PATH"
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
RUN useradd --system --uid 10001 paybatch \
    && install -d -o paybatch -m 0700 /data

USER paybatch
ENV PAYBATCH_DATA_DIR=/data PAYBATCH_HOST=0.0.0.0
VOLUME /data
EXPOSE 8200
CMD ["python", "-m", "backend"]
