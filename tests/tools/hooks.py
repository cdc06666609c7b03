"""What Schemathesis does not send, with the reason.

A head that no HTTP parser reads: beyond 64 KiB the service's parser answers with a bare status before there is a
request, so neither the document nor the problem format applies. A character may need twelve bytes in a request target.

The entity tag `0`: it takes that for one that fits the pattern of the parameter, which it does not.
"""

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    headers = case.headers or {}
    if "0" in (headers.get("If-Match"), headers.get("If-None-Match")):
        return False
    parts = [*(case.query or {}).items(), *headers.items()]
    return sum(len(str(name)) + len(str(value)) for name, value in parts) * 12 < 60_000
