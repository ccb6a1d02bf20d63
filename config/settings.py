"""Settings: one file, and every difference between places is an environment variable.

Importing this starts nothing. All wrong or missing variables are reported at once.
"""

from pathlib import Path

import structlog
from csp.constants import NONE, SELF
from environs import Env

from config import embedded
from config.logs import Lines

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)
env.read_env(BASE_DIR / ".env", recurse=False, override=False)

DEBUG = env.bool("DEBUG", True)
SECRET_KEY = env.str("SECRET_KEY", "only-for-development-" + "x" * 40) if DEBUG else env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_ADDRESS = env.str("SITE_ADDRESS", "http://127.0.0.1:8000")

# With DEBUG off both addresses must be given; otherwise they default to the embedded servers' sockets.
DATABASE_ADDRESS = (
    env.dj_db_url("DATABASE_URL", embedded.default_database_url(), conn_max_age=60, conn_health_checks=True)
    if DEBUG
    else env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)
)
REDIS_URL = env.str("REDIS_URL", embedded.default_redis_url()) if DEBUG else env.str("REDIS_URL")

DEMONSTRATION = env.bool("DEMONSTRATION", DEBUG)
PUBLIC_READING = env.bool("PUBLIC_READING", True)
ANNOUNCE_CHANGES = env.bool("ANNOUNCE_CHANGES", True)
EMAIL = env.dj_email_url("EMAIL_URL", "file:")
MAIL_OUTBOX = Path(env.str("MAIL_OUTBOX", str(embedded.state_dir() / "outbox")))
NOTIFY_API_KEY = env.str("NOTIFY_API_KEY", "")
NOTIFY_TEMPLATE_ID = env.str("NOTIFY_TEMPLATE_ID", "") if not NOTIFY_API_KEY else env.str("NOTIFY_TEMPLATE_ID")
NOTIFY_ADDRESS = env.str("NOTIFY_ADDRESS", "https://api.notifications.service.gov.uk")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Policy alignment tracker <tracker@localhost>")
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", 0)
SECURE_COOKIES = env.bool("SECURE_COOKIES", not DEBUG)
FEEDBACK_ADDRESS = env.str("FEEDBACK_ADDRESS", "mailto:feedback@localhost")
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOG_JSON = env.bool("LOG_JSON", not DEBUG)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", 5)
HEARTBEAT_SECONDS = env.int("HEARTBEAT_SECONDS", 20)
SCAN_WORKERS = env.int("SCAN_WORKERS", 2)
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "build" / "collected")))
STATICFILES_STORAGE = env.str("STATICFILES_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
env.seal()

# The parts of EMAIL_URL under the names that Django reads: EMAIL_BACKEND, EMAIL_HOST and so on.
globals().update(EMAIL)
EMAIL_TIMEOUT = EMAIL["EMAIL_TIMEOUT"] or 10  # seconds; without one a mail server that hangs holds a worker for ever
EMAIL_FILE_PATH = str(MAIL_OUTBOX)
if NOTIFY_API_KEY:
    EMAIL_BACKEND = "config.mail.NotifyBackend"
elif EMAIL.get("EMAIL_BACKEND", "").endswith("filebased.EmailBackend"):
    EMAIL_BACKEND = "config.mail.OutboxBackend"

DATABASES = {"default": DATABASE_ADDRESS}
if STATEMENT_TIMEOUT_MS:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = f"-c statement_timeout={STATEMENT_TIMEOUT_MS}"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "policies.apps.PoliciesConfig",
    "tracker.apps.TrackerConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "rules.apps.AutodiscoverRulesConfig",
    "allauth",
    "allauth.account",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tracker.web.accounts.SignedInMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
CSRF_FAILURE_VIEW = "tracker.web.errors.csrf_failure"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "tracker.web.jinja.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.web.jinja.site_context",
            ],
        },
    },
    {
        # For the API's documentation page and Django's admin only.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "build" / "static", ("tracker", BASE_DIR / "tracker" / "web" / "assets")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_STORAGE},
}

# --- Sign-in and sessions (see docs/adr for why each) ---
AUTH_USER_MODEL = "policies.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "tracker.web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False  # the form does not ask: closing the browser signs out
ACCOUNT_FORMS = {
    "login": "tracker.web.forms.account.SignInForm",
    "reset_password": "tracker.web.forms.account.ResetPasswordForm",
    "reset_password_from_key": "tracker.web.forms.account.ResetPasswordKeyForm",
    "change_password": "tracker.web.forms.account.ChangePasswordForm",
}
SESSION_COOKIE_AGE = 30 * 60  # 30 minutes without a request
SESSION_SAVE_EVERY_REQUEST = True
SESSION_ABSOLUTE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
SECURE_SSL_REDIRECT = SECURE_COOKIES
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Background work. The numbers were measured; docs/adr/0002 says what each protects against. ---
CELERY_BROKER_URL = embedded.celery_broker_url(REDIS_URL)
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Europe/London"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 5,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "tracker.api.schema.ApiSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["tracker.api.permissions.SessionSignIn"],
    "DEFAULT_PERMISSION_CLASSES": ["tracker.api.permissions.ReadPublished"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "tracker.api.paging.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["tracker.api.filtering.StrictFilterBackend"],
    "EXCEPTION_HANDLER": "tracker.api.problems.problem_response",
    "PAGE_SIZE": 50,
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Policy alignment tracker API",
    "DESCRIPTION": "What England's government has set out to do, and where it does not add up to health.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "tracker.api.schema.share_responses",
    ],
    "ENUM_NAME_OVERRIDES": {
        "DatePrecision": "policies.models.Precision",
        "OrganisationKind": "policies.models.OrganisationKind",
        "InitiativeKind": "policies.models.Kind",
        "AreaKind": "policies.models.AreaKind",
        "RoleEnum": "policies.models.Role",
        "InitiativeStatus": "policies.models.Status",
        "ScanStatus": "tracker.models.ScanStatus",
        "FaultCode": "tracker.api.problems.FAULTS",
    },
}

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
_foreign = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": Lines,
            "processor": (
                structlog.processors.JSONRenderer() if LOG_JSON else structlog.dev.ConsoleRenderer(colors=False)
            ),
            "foreign_pre_chain": _foreign,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Warns at each connection that a socket's address has no host name, as if one were missing.
    "loggers": {"kombu.connection": {"level": "ERROR"}},
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# The email address is unique by a constraint on its lower case, which the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
