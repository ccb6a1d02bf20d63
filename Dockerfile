# Three stages, so that neither compilers, npm nor pip's cache reach the image that runs.

FROM python:3.11-slim AS assets
WORKDIR /app
COPY package.json package-lock.json requirements-node.txt ./
COPY config/__init__.py config/assets.py config/
RUN python -m config.assets

FROM python:3.11-slim AS build
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
WORKDIR /app
COPY manage.py ./
COPY config config
COPY policies policies
COPY tracker tracker
COPY templates templates
COPY --from=assets /app/build/static build/static
# Collecting files needs settings, and these three only have to be there: nothing connects.
RUN DEBUG=false SECRET_KEY=unused-while-building DATABASE_URL=postgresql://unused/unused REDIS_URL=redis://unused \
    /venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim
RUN groupadd --gid 10001 tracker && useradd --uid 10001 --gid tracker --no-create-home --home-dir /app tracker \
    && install -d -o tracker -g tracker /state
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TRACKER_STATE_DIR=/state
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER tracker
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--graceful-timeout", "10", "--no-control-socket"]
