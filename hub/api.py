"""The JSON API under /api/v1/: routers of the apps, one way to identify, one shape of error."""

from ninja import NinjaAPI

api = NinjaAPI(title="Parvis", version="1", urls_namespace="api", docs_url="/docs", openapi_url="/openapi.json")
