# syntax=docker/dockerfile:1
# One image for the worker, the callback receiver and the `onboard` command; docs/deployment.md tells how to run it.

FROM python:3.13.9-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
# There is one lock, for development too. Everything in it is fetched and checked against its hashes; from these
# wheels, and nothing else, pip then installs what the project needs without its development extra.
COPY requirements.lock ./
RUN pip wheel --require-hashes --requirement requirements.lock --wheel-dir /wheels
COPY pyproject.toml README.md worker.py ./
COPY activities ./activities
COPY codec_server ./codec_server
COPY doctor ./doctor
COPY onboarding ./onboarding
COPY processes ./processes
COPY receiver ./receiver
COPY scripts ./scripts
COPY simulator ./simulator
COPY sinch_numbers ./sinch_numbers
COPY starter ./starter
COPY temporal_connection ./temporal_connection
COPY workflows ./workflows
RUN python -m venv --without-pip /opt/environment \
    && PIP_NO_INDEX=1 PIP_FIND_LINKS=/wheels pip --python /opt/environment install --editable ".[s3]" \
    && python -m compileall -q /app

FROM python:3.13.9-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin onboarding \
    && install -d -o onboarding /var/lib/number-onboarding /var/lib/callback-secrets /var/lib/payload-keys
COPY --from=build /opt/environment /opt/environment
COPY --from=build /app /app
ENV PATH=/opt/environment/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
USER onboarding
# 8080: the receiver. 9464: the worker's metrics and health.
EXPOSE 8080 9464
CMD ["python", "worker.py"]
