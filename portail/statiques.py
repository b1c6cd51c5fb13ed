"""Static files: hashed names, gzip and brotli made once by collectstatic, served by WhiteNoise."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StatiquesCompresses(CompressedManifestStaticFilesStorage):
    # Our scripts are ES modules: their `import` lines must point at the hashed names too.
    support_js_module_import_aggregation = True
