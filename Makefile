# Thin: packaging/bootstrap.py does the work on every platform. ARGS="..." goes to the program or to pytest.
PYTHON ?= python3
BOOTSTRAP = $(PYTHON) packaging/bootstrap.py

.NOTPARALLEL:
.PHONY: demo test check bench soak bundle setup locks clean

demo test check bench bundle setup:
	@$(BOOTSTRAP) $@ $(if $(ARGS),-- $(ARGS))

# Virtual hours; two take some minutes.
HOURS ?= 2

soak:
	@$(BOOTSTRAP) $@ -- $(or $(ARGS),$(HOURS))

# Needs uv. Keeps the pins that still fit; `make locks UPGRADE=1` takes the newest. The locks name no address, so
# that any registry serves.
LOCK_FLAGS = -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 \
	$(if $(UPGRADE),--upgrade)

locks:
	uv pip compile $(LOCK_FLAGS) pyproject.toml -o packaging/locks/runtime.lock
	uv pip compile $(LOCK_FLAGS) pyproject.toml -c packaging/locks/runtime.lock \
		--all-extras --group test --group quality --group package -o packaging/locks/dev.lock
	! grep -n '://' packaging/locks/*.lock

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
