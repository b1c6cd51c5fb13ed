"""What the log never keeps: the secrets that some addresses carry (letters, passwords, agendas, e-mails)."""

import logging
import re

SECRET = re.compile(r"(?<=/)(?=[a-z_:-]*[A-Z0-9])[A-Za-z0-9_:-]{16,}(?=/|\.|$)")


class SansSecrets(logging.Filter):
    """Django writes the address of a page that it did not find, and one letter apart it may be a real one."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(SECRET.sub("…", a) if isinstance(a, str) else a for a in record.args)
        return True
