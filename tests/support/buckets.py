"""An object store on this machine, for tests of workspaces behind an address."""

import pytest


@pytest.fixture(scope="module")
def bucket():
    """An S3 store on this machine, empty."""
    server = pytest.importorskip("moto.server", reason="moto is not installed")
    import boto3
    import s3fs

    with pytest.MonkeyPatch.context() as patched:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patched.setenv(name, "none")
        patched.setenv("AWS_DEFAULT_REGION", "us-east-1")
        running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        s3fs.S3FileSystem.clear_instance_cache()
        running.start()
        host, port = running.get_host_and_port()
        patched.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        boto3.client("s3").create_bucket(Bucket="unit")
        yield "s3://unit"
        running.stop()
