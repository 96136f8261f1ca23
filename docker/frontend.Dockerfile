# The pages: they talk HTTP to the API and keep nothing.
FROM python:3.11-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY .streamlit .streamlit
COPY planner planner
COPY wording wording
COPY frontend frontend
COPY docs/guide docs/guide
# What runs gets an environment without pip, and no file of the build but these.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install -c requirements.lock -e ".[frontend]"

FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH="/venv/bin:$PATH"
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
RUN useradd --system --uid 10001 paybatch

USER paybatch
# Streamlit looks for a home that it can write to.
ENV HOME=/tmp
EXPOSE 8201
CMD ["python", "-m", "frontend", "--host", "0.0.0.0"]
