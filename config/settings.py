"""Every setting, read from the environment in one place.

Nothing set means the newcomer's home: SQLite and Celery's file transport below DATA_DIR. DATABASE_URL and REDIS_URL
put PostgreSQL and Redis in their place. DEPLOYMENT=production is an office: `config/production.py` says what it refuses.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.production import deployment_from, refuse_unsafe_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEPLOYMENT = deployment_from(env("DEPLOYMENT", default=""))
PRODUCTION = DEPLOYMENT == "production"
DEBUG = env.bool("DEBUG", default=False)
DEFAULT_SECRET_KEY = "not-a-secret-only-for-the-demo-on-this-computer"
SECRET_KEY = env("SECRET_KEY", default=DEFAULT_SECRET_KEY)
# Keys that were replaced: the old ones still open sessions until these run out, and no longer.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# History is sealed with a key of its own, so that a leaked SECRET_KEY can be changed; where it isn't set, with SECRET_KEY.
SEAL_KEY = env("SEAL_KEY", default="")
SEAL_KEYS_OLD = env.list("SEAL_KEYS_OLD", default=[])  # those that were replaced: they verify and no longer seal
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SOURCE_URL = env("SOURCE_URL", default="")
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='') or '8000'}").rstrip("/")  # in messages
refuse_unsafe_settings(
    production=PRODUCTION,
    debug=DEBUG,
    secret_key=SECRET_KEY,
    default_secret_key=DEFAULT_SECRET_KEY,
    other_keys={"SEAL_KEY": SEAL_KEY} if SEAL_KEY else {},
)

INSTALLED_APPS = [
    "casework",
    "flows",
    "notifications",
    "oversight",
    "web",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "viewflow",
    "viewflow.workflow",
    "simple_history",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "web.middleware.Moment",
    "web.bad_requests.PlainAddress",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.middleware.Unshared",
    "web.bad_requests.SmallBeforeSignIn",
    "web.middleware.ReaderLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "web.middleware.SignedIn",
    "web.bad_requests.PlainForm",
    "web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # fields are drawn by templates/django/forms/field.html
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.everywhere",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "web.templatetags.words"],
        },
    },
]

# Set to nothing is as good as not set.
DATABASES = {
    "default": env.db_url_config(env("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR}/rectification.sqlite3")
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE and WAL: with Django's defaults more than half of concurrent read-modify-writes failed as "locked".
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    # Compiling a statement (jit) costs a tenth of a second here and saves less: none runs for long.
    _database.setdefault("OPTIONS", {})["options"] = "-c lock_timeout=15000 -c jit=off"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CELERY_BROKER_URL = REDIS_URL
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker" / "queue"),
        "data_folder_out": str(DATA_DIR / "broker" / "queue"),
        "control_folder": str(DATA_DIR / "broker" / "control"),
        "polling_interval": 0.1,
    }
    CELERY_WORKER_PREFETCH_MULTIPLIER = 4

# The broker only says "look now"; what must happen stands in the database. So no results, no retries there.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Shanghai"

# Every clock in order, by name, because the floors that run them stand below.
CLOCKS = "config.clocks.CLOCKS"
# How many cases one transaction of the sweep takes, how often it is asked, and after how many seconds another worker
# takes over what a dead one was sending.
SWEEP_BATCH = env.int("SWEEP_BATCH", default=1000)
SWEEP_EVERY = env.float("SWEEP_EVERY", default=60.0)
ANNOUNCE_EVERY = env.float("ANNOUNCE_EVERY", default=10.0)
DELIVERY_LEASE = env.int("DELIVERY_LEASE", default=300)

# What a phone takes along into a village, and whether it may make photos smaller (at most 1 MB) before it sends them.
PHONE_MOST_CASES = env.int("PHONE_MOST_CASES", default=300)
PHONE_MOST_VISITS = env.int("PHONE_MOST_VISITS", default=30)
# How many photos of villages that are to be visited, as small copies of about 15 kB each.
PHONE_MOST_PHOTOS = env.int("PHONE_MOST_PHOTOS", default=60)
PHONE_REDUCES_PHOTOS = env.bool("PHONE_REDUCES_PHOTOS", default=False)
# After how many days a phone wipes what it has sent, if its person has not done so before.
PHONE_WIPES_AFTER_DAYS = env.int("PHONE_WIPES_AFTER_DAYS", default=14)

# Whom to call when the sign-in fails, as it stands on the sign-in page: an office with its number.
SIGN_IN_CONTACT = env("SIGN_IN_CONTACT", default="")

# The roads by which people are told. One that is not set up here is not offered to anybody.
EMAIL_HOST = env("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="rectification@localhost")
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_TOKEN", default="")
WECOM_API = env("WECOM_API", default="https://qyapi.weixin.qq.com").rstrip("/")
WECOM_CORP_ID = env("WECOM_CORP_ID", default="")
WECOM_SECRET = env("WECOM_SECRET", default="")
WECOM_AGENT_ID = env.int("WECOM_AGENT_ID", default=0)
DINGTALK_API = env("DINGTALK_API", default="https://oapi.dingtalk.com").rstrip("/")
DINGTALK_APP_KEY = env("DINGTALK_APP_KEY", default="")
DINGTALK_APP_SECRET = env("DINGTALK_APP_SECRET", default="")
DINGTALK_AGENT_ID = env.int("DINGTALK_AGENT_ID", default=0)
# Mail servers and SMS gateways that an office may set for itself on its page: names, or .example.cn for all below it.
CHANNEL_ALLOWED_HOSTS = [host.lower() for host in env.list("CHANNEL_ALLOWED_HOSTS", default=[])]
WEBHOOK_ALLOWED_HOSTS = [host.lower() for host in env.list("WEBHOOK_ALLOWED_HOSTS", default=[])]  # of the intranet

AUTH_USER_MODEL = "casework.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "web.sign_in.PhoneOrName",
    "web.sign_in.OneTimeCode",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "web.pages.csrf.failed"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
# Lock the pair of name and address, never the name alone: a stranger must not be able to lock a village out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "web.sign_in.Brake"  # many names from one address, one account from many
AXES_USERNAME_CALLABLE = "web.sign_in.account_name"
AXES_CLIENT_IP_CALLABLE = "web.client_address.address_of"
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "old_password",
    "new_password1",
    "new_password2",
    "number",
    "digits",
]
# Whose X-Real-IP is believed: the proxy's address or network, as in docker-compose.yml.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
FIRST_PASSWORD_DAYS = env.int("FIRST_PASSWORD_DAYS", default=7)  # how long a one-time password opens the door
# How long the link on a village's papers, and one that was sent to a person, lead to the sign-in by a one-time code.
SIGN_IN_PAPER_DAYS = env.int("SIGN_IN_PAPER_DAYS", default=180)
SIGN_IN_LINK_DAYS = env.int("SIGN_IN_LINK_DAYS", default=7)
AXES_LOCKOUT_TEMPLATE = "people/locked_out.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # shown; stored time is UTC

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"  # never served by a URL: only through the permission check in web/pages/evidence.py
EVIDENCE_BUCKET = env("EVIDENCE_BUCKET", default="")
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "casework.proofs.whole_files.WholeFileStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if EVIDENCE_BUCKET:  # an office that outgrows a disk; keys and endpoint come from the usual AWS_* variables
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        # A name is made of the content's hash: the same name is the same file, and half a one is replaced.
        "OPTIONS": {"bucket_name": EVIDENCE_BUCKET, "file_overwrite": True, "default_acl": "private"},
    }

# Twenty files of 20 MB and some words. The largest form has twelve measures and a signed sheet, each with 20 files.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 13 * 20
FILE_UPLOAD_TEMP_DIR = env("FILE_UPLOAD_TEMP_DIR", default=str(DATA_DIR / "uploads"))
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "casework.proofs.uploads.UploadFolder",
]
# The handler makes that folder when it is missing.
SILENCED_SYSTEM_CHECKS = ["files.E001"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
