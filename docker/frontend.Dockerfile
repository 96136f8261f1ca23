# The pages: they talk HTTP to the API and keep nothing.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY .streamlit .streamlit
COPY planner planner
COPY wording wording
COPY frontend frontend
COPY docs/guide docs/guide
RUN pip install --disable-pip-version-check -c requirements.lock -e ".[frontend]" \
    && useradd --system --uid 10001 paybatch

USER paybatch
# Streamlit looks for a home that it can write to.
ENV HOME=/tmp
EXPOSE 8201
CMD ["python", "-m", "frontend", "--host", "0.0.0.0"]
