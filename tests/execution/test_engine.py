"""The warm engine shows, raises and records what papermill's own engine does."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from queue import Empty

import nbformat
import papermill
import pytest
import zmq
import zmq.asyncio
from jupyter_client.session import Session
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from delivery_analytics.execution import pool as workers
from delivery_analytics.execution.engine import WarmEngine, run_notebook
from delivery_analytics.execution.fork_server import ONE_THREAD, PRELOADED
from delivery_analytics.execution.jobs import Job, Limits, run_job
from delivery_analytics.execution.kernel import LocalKernelManager, ShellChannel, kernel_options
from tests.support import plain_workers
from tests.support.notebooks import write_notebook

papermill.engines.papermill_engines.register("warm", WarmEngine)

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)
SHOWN = (
    "print(sector)\nsector",
    "import sys\nprint('out')\nprint('err', file=sys.stderr)",
    "import pandas as pd\ntable = pd.DataFrame({'a': [1.5, None], 'b': ['x', '<b>']})\ntable",
    "table.style.format(precision=1).set_uuid('u').to_html()",
    "import altair as alt\n"
    "from delivery_analytics.report import theme\n"
    "theme.enable(), theme.register_fonts()\n"
    "alt.renderers.enable('svg')\n"
    "alt.Chart(table).mark_bar().encode(x='b', y='a')",
    "from IPython.display import HTML, Image, JSON, Markdown, SVG, display\n"
    f"Image(__import__('base64').b64decode('{PIXEL}'))",
    "display(HTML('<i>1</i>'), Markdown('*2*'), JSON({'a': 1}))\nNone",
    "display({'text/plain': 'raw', 'application/x-own+json': {'k': [1]}}, raw=True)",
    "display('meta', metadata={'text/plain': {'k': 1}})",
    "shown = display('before', display_id='one')",
    "shown.update('after')\nprint('updated')",
    "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "class Both:\n"
    "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'p', 'text/html': '<p>'}, {'text/html': {'k': True}}\n"
    "Both()",
    "1\n2;",
    "",
    "3",
    "_, In[3][:5], len(Out) > 2",
    "%timeit -q -n1 -r1 1\n%who_ls str",
    "!echo below",
    # A kernel reads what children print beside the cell, which may have ended by then.
    "import os, time\nos.system('echo from a child')\ntime.sleep(1)",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "assert __name__ == '__main__'\nimport sys\nsys.stdin.read()",
    "import warnings\nwarnings.warn('beware')",
    "import logging\nlogging.getLogger('a').warning('logged')",
    "get_ipython().set_next_input('x = 1')",
    "?len",
    "%%html\n<b>h</b>",
    "%%bash\necho said; echo wrong >&2",
    "from IPython.display import Audio, Javascript, Latex\n"
    "display(Javascript('1'), Latex('$x$'), Audio([0, 1], rate=8000))",
    "Image(url='elsewhere.png')",
    "import threading\n"
    "thread = threading.Thread(target=print, args=['threaded'])\n"
    "thread.start(), thread.join()\nNone",
    "b'\\xff'.decode(errors='replace') + 'қ₸\\ud800'.encode('utf-8', 'replace').decode()",
)
WIDGETS = (
    "import ipywidgets as w\nfrom IPython.display import clear_output, display\nw.IntSlider(3)",
    "out = w.Output()\nwith out:\n    print('captured')\n    display(1)\nout",
    "out.outputs",
    "with out:\n    clear_output()\n    print('anew')",
    "with out:\n    1 / 0",
    "text = w.Text('a')\nbox = w.VBox([text, w.HTML('<b>x</b>')])\nbox",
    "text.value = 'b'",
    "w.Image(value=b'\\x89PNG')",
    "box.children[1].close()",
)
RAISED = (
    "1 / 0",
    "def f(x):\n    return {}[x]\n\nf('missing')",
    "a b",
    "raise ValueError('кириллица\\nsecond line')",
    "import sys; sys.exit(3)",
    "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e",
    "print('before')\nfrom IPython.display import display\ndisplay(1)\nassert False, 'no'",
    "import json; json.loads('{')",
)


def both(tmp_path, *cells, tags=()):
    """Run the same notebook with both engines; return two notebooks and two exceptions."""
    book = write_notebook(tmp_path / "a.ipynb", *cells, tags=tags)
    results = []
    for engine in (None, "warm"):
        out = tmp_path / f"{engine}.ipynb"
        raised = None
        own = {"kernel_manager_class": LocalKernelManager} if engine is None else {}
        try:
            papermill.execute_notebook(
                book,
                out,
                parameters={"sector": "energy"},
                engine_name=engine,
                progress_bar=False,
                execution_timeout=120,  # a kernel that does not answer is told, not waited for
                **own,
            )
        except Exception as error:
            raised = error
        results.append((nbformat.read(out, 4), raised))
    (kernel, kernel_raised), (warm, warm_raised) = results
    return kernel, warm, kernel_raised, warm_raised


def comparable(cell, *, ordered=True):
    """Return what of a cell must be equal: not times, ids, or where streams are divided.

    A kernel's streams come by another thread than its errors, and IPython warns of an exit
    once a process: beside errors, where outputs are not `ordered`, streams are left out.
    """
    outputs = []
    for output in cell.get("outputs", []):
        output = dict(output)
        last = outputs[-1] if outputs else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            outputs.append(output)
    if not ordered:
        outputs = [one for one in outputs if one["output_type"] != "stream"]
    metadata = dict(cell.metadata)
    noted = metadata.pop("papermill", {})
    metadata.pop("execution", None)
    return {
        "source": cell.source,
        "outputs": _without_colours(outputs),
        "count": cell.get("execution_count"),
        "metadata": metadata,
        "noted": (noted.get("exception"), noted.get("status")),
    }


def _without_colours(outputs):
    text = nbformat.v4.writes(nbformat.v4.new_notebook(metadata={"o": outputs}))
    text = re.sub(r"\\u001b\[[0-9;]*m", "", text)
    text = re.sub(r"ipykernel_\d+", "ipykernel", text)
    text = re.sub(r'"model_id": "[0-9a-f]{32}"', '"model_id": "…"', text)
    return nbformat.v4.reads(text).metadata.o


def test_both_engines_show_the_same(tmp_path, monkeypatch):
    # A kernel that finds itself under pytest leaves what children print to pytest.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    workers.close()  # a warm process that an earlier test started would know of pytest
    kernel, warm, *raised = both(tmp_path, *SHOWN)

    assert raised == [None, None]
    for one, other in zip(kernel.cells, warm.cells, strict=True):
        assert comparable(one) == comparable(other)
    assert kernel.metadata.language_info == warm.metadata.language_info
    assert warm.cells[2].metadata.tags == ["injected-parameters"]
    assert warm.metadata.papermill.exception is None
    nbformat.validate(warm)


def test_both_engines_keep_the_same_state_of_widgets(tmp_path):
    kernel, warm, *raised = both(tmp_path, *WIDGETS)

    assert raised == [None, None]
    for one, other in zip(kernel.cells, warm.cells, strict=True):
        assert comparable(one) == comparable(other)
    assert widgets(kernel) == widgets(warm) != []


def test_a_reply_that_comes_while_a_message_is_sent_is_not_missed():
    """jupyter_client's own channel finds this reply when its deadline is over."""

    async def waited():
        with zmq.asyncio.Context() as here, zmq.Context() as there:
            client, kernel = here.socket(zmq.DEALER), there.socket(zmq.ROUTER)
            port = kernel.bind_to_random_port("tcp://127.0.0.1")
            client.connect(f"tcp://127.0.0.1:{port}")
            session = Session(key=b"key")
            channel = ShellChannel(client, session)
            channel.send(session.msg("execute_request"))
            ident, *_ = kernel.recv_multipart()
            reply = asyncio.create_task(channel.get_msg(timeout=30))
            await asyncio.sleep(0.2)
            session.send(kernel, "execute_reply", ident=ident)
            time.sleep(0.2)  # it is there, and nothing has listened yet
            channel.send(session.msg("comm_msg"))
            begun = time.monotonic()
            message = await reply
            with pytest.raises(Empty):
                await channel.get_msg(timeout=0.3)
            client.close(0), kernel.close(0)
            return message["msg_type"], time.monotonic() - begun

    with ThreadPoolExecutor() as pool:  # this thread may have a loop already: the browser's
        kind, seconds = pool.submit(asyncio.run, waited()).result()

    assert kind == "execute_reply"
    assert seconds < 15


def widgets(notebook):
    """Return every widget's model, state and buffers, without the ids that name them."""
    kept = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    ids = "|".join(kept)
    return sorted(re.sub(ids, "…", json.dumps(one, sort_keys=True)) for one in kept.values())


def test_both_engines_show_the_same_of_what_is_raised(tmp_path):
    kernel, warm, *raised = both(tmp_path, *RAISED, tags=["raises-exception"])

    assert str(raised[0]) == str(raised[1])
    assert raised[0].cell_index == raised[1].cell_index
    for one, other in zip(kernel.cells, warm.cells, strict=True):
        assert comparable(one, ordered=False) == comparable(other, ordered=False)


def test_what_is_raised_stops_the_notebook_and_is_papermills_own(tmp_path):
    book = write_notebook(tmp_path / "a.ipynb", "1 / 0", "'never'")

    with pytest.raises(PapermillExecutionError) as caught:
        papermill.execute_notebook(
            book, tmp_path / "out.ipynb", engine_name="warm", progress_bar=False
        )
    executed = nbformat.read(tmp_path / "out.ipynb", 4)
    noted = [cell.metadata.get("papermill", {}) for cell in executed.cells]

    assert (caught.value.cell_index, caught.value.ename) == (2, "ZeroDivisionError")
    assert executed.metadata.papermill.exception is True
    assert "An Exception was encountered" in executed.cells[0].source
    assert [one.get("status") for one in noted][-2:] == ["failed", "pending"]


def test_a_cell_timeout_is_papermills_own(tmp_path):
    book = write_notebook(tmp_path / "a.ipynb", "while True: pass")

    with pytest.raises(CellTimeoutError, match="while True"):
        papermill.execute_notebook(
            book,
            tmp_path / "out.ipynb",
            engine_name="warm",
            execution_timeout=1,
            progress_bar=False,
        )
    assert nbformat.read(tmp_path / "out.ipynb", 4).cells[-1].metadata.papermill.exception


def test_a_cell_tagged_raises_exception_lets_the_next_run(tmp_path):
    book = write_notebook(tmp_path / "a.ipynb", "1/0", "'ran'", tags=["raises-exception"])

    with pytest.raises(PapermillExecutionError):
        papermill.execute_notebook(
            book, tmp_path / "out.ipynb", engine_name="warm", progress_bar=False
        )
    executed = nbformat.read(tmp_path / "out.ipynb", 4)
    assert executed.cells[-1].outputs[0].data["text/plain"] == "'ran'"


def test_the_process_that_forks_has_one_thread_and_what_notebooks_import(tmp_path):
    with workers.worker(tmp_path) as lent:
        messages = list(
            lent.run(
                "import os, sys\n"
                "print(len(os.listdir(f'/proc/{os.getppid()}/task')))\n"
                "print('pandas' in sys.modules, 'rfc3987_syntax' in sys.modules)\n"
                "print(sys.modules['rfc3987_syntax'])",
                None,
            )
        )

    assert "pandas" in PRELOADED
    assert messages[-2] == ("stream", {"name": "stdout", "text": "1\nTrue True\nNone\n"})


@pytest.fixture
def way(monkeypatch):
    """Leave only some ways to get a worker."""

    def leave(*kinds):
        monkeypatch.setattr(workers, "kinds", lambda: list(kinds))
        monkeypatch.setattr(workers, "_START", plain_workers.START)

    return leave


def test_without_forks_a_worker_runs_notebook_after_notebook_each_afresh(tmp_path, way):
    way(workers.Spawns)
    first = write_notebook(tmp_path / "a.ipynb", "left = 1\nimport os\nprint(os.getpid())")
    second = write_notebook(
        tmp_path / "b.ipynb", "import os\nprint(os.getpid())\n'left' in dir()"
    )

    one = run_notebook(first, tmp_path / "1.ipynb", {"sector": "a"}, Limits(60))
    two = run_notebook(second, tmp_path / "2.ipynb", {"sector": "b"}, Limits(60))

    assert one.cells[-1].outputs[0] == two.cells[-1].outputs[0]
    assert two.cells[-1].outputs[1].data["text/plain"] == "False"
    assert two.cells[-1].execution_count == one.cells[-1].execution_count == 3


def test_without_forks_a_worker_that_died_is_replaced(tmp_path, way):
    way(workers.Spawns)
    deadly = write_notebook(tmp_path / "a.ipynb", "import os\nos._exit(4)")
    with pytest.raises(DeadKernelError, match="exit code 4"):
        run_notebook(deadly, tmp_path / "1.ipynb", {}, Limits(60))

    good = write_notebook(tmp_path / "b.ipynb", "'ran'")
    executed = run_notebook(good, tmp_path / "2.ipynb", {}, Limits(60))
    assert executed.cells[-1].outputs[0].data["text/plain"] == "'ran'"


def test_without_any_worker_a_notebook_has_a_kernel_with_the_same_deadline(tmp_path, way):
    way()
    book = write_notebook(
        tmp_path / "a.ipynb", "sector", "import time\ntime.sleep(60)", "'never'"
    )
    job = Job(book, "energy", {"sector": "energy"}, tmp_path / "out.ipynb")
    outcome = run_job(job, Limits(seconds=6))
    executed = nbformat.read(tmp_path / "out.ipynb", 4)

    assert outcome.error == "In [4] import time: not done after 6 seconds, and stopped"
    assert executed.cells[3].outputs[0].data["text/plain"] == "'energy'"
    assert executed.cells[-1].execution_count is None


def test_a_kernel_s_cells_share_one_deadline(monkeypatch):
    left = kernel_options(10, 8)["timeout_func"]
    begun = time.monotonic()

    assert left(None) == 8
    monkeypatch.setattr(time, "monotonic", lambda: begun + 7)
    assert left(None) == 3
    monkeypatch.setattr(time, "monotonic", lambda: begun + 20)
    assert left(None) == 1
    assert kernel_options(None, None)["timeout_func"](None) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no forks")
def test_a_warm_process_that_nobody_waits_for_ends_without_a_word():
    ours, theirs = socket.socketpair()
    ours.close()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from delivery_analytics.execution.fork_server import main; main(sys.argv[1:])",
            "fork",
            str(theirs.fileno()),
            str(os.getpid()),
            "network",
        ],
        pass_fds=[theirs.fileno()],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        timeout=60,
    )
    theirs.close()

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("lacking", ["kernelspec", "kernelspec language_info"])
def test_a_notebook_that_says_nothing_of_its_kernel_is_in_python(tmp_path, lacking):
    path = write_notebook(tmp_path / "a.ipynb", "print(sector)")
    notebook = nbformat.read(path, 4)
    notebook.metadata["language_info"] = {"name": "python"}
    for name in lacking.split():
        del notebook.metadata[name]
    nbformat.write(notebook, path)

    made = run_notebook(path, tmp_path / "made.ipynb", {"sector": "water"}, Limits(60))

    assert made.cells[-1].outputs[0].text == "water\n"
