# The image holds the code and its dependencies, from the lock; all data is in /data.
FROM python:3.13-slim AS build

WORKDIR /build
RUN python -m venv /opt/parvis
ENV PATH=/opt/parvis/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# Dependencies first: they change less often than the code, and stay in the builder's cache.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE routing.py ./
COPY hub hub
COPY consumers consumers
COPY channels_adapters channels_adapters
COPY inbound_email inbound_email
RUN pybabel --quiet compile --directory hub/locale --domain django \
    && pip install --no-deps --no-build-isolation .


FROM python:3.13-slim

# Letters that the proofs' own font lacks, as syllabics (hub/alerts/proof/letters.py).
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-dejavu-core && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 1000 --no-create-home parvis && install --directory --owner parvis --mode 700 /data
COPY --from=build /opt/parvis /opt/parvis

ENV PATH=/opt/parvis/bin:$PATH PARVIS_HOME=/data PYTHONUNBUFFERED=1
WORKDIR /data
VOLUME /data
USER parvis
EXPOSE 8000

# One process that does everything; docker-compose.yml runs one for each task instead.
CMD ["hub", "serve", "--host", "0.0.0.0"]
