# Two commands for everybody: `make run` and `make check`. The rest is for maintainers.
PYTHON ?= python3

.PHONY: run selftest restore check attack faults bench lock wheels stick js clean

run: ## from a fresh clone to an address that people can join
	@$(PYTHON) tools/bootstrap.py
	@exec .venv/bin/python wsgi.py

selftest: ## is this computer fit for tomorrow's seminar? in the room, beside the running server
	@$(PYTHON) tools/bootstrap.py
	@.venv/bin/python -m app.commands selftest

restore: ## a backup in the place of what is here: make restore FILE=/media/usb/palabre-backups/palabre-....zip
	@$(PYTHON) tools/bootstrap.py
	@.venv/bin/python -m app.commands restore "$(FILE)"

check: ## all that CI checks; some of it: make check ONLY="lint types"
	@$(PYTHON) tools/bootstrap.py --dev
	@.venv/bin/python -m tools.check $(ONLY)

faults: ## go on with the fault table: make faults MINUTES=60 [ONLY="R01 R04"]
	@$(PYTHON) tools/bootstrap.py --dev
	@.venv/bin/python -m tests.faults $(if $(MINUTES),--minutes $(MINUTES)) $(ONLY)

attack: ## a director with admin rights tries to put names to texts and votes; prints what that gains over chance
	@$(PYTHON) tools/bootstrap.py --dev
	@.venv/bin/python -m tests.attack

bench: ## docs/benchmarks.md measured here, in half an hour; in a minute: make bench QUICK=1; once each: REPEATS=1
	@$(PYTHON) tools/bootstrap.py --dev
	@.venv/bin/python -m tests.bench $(if $(QUICK),--quick) $(if $(REPEATS),--repeats $(REPEATS)) $(ONLY)

lock: ## the newest versions that pyproject.toml and package.json allow, with their hashes
	@$(PYTHON) tools/lock.py

wheels: ## .wheels, from which `make run` installs on a machine without internet
	@$(PYTHON) tools/bootstrap.py --wheels

stick: ## all of it onto a stick, to install without internet: make stick DIR=/media/you/STICK
	@$(PYTHON) tools/stick.py "$(DIR)"

js: ## app/static/dist from its sources; commit the result
	@$(PYTHON) tools/node_packages.py
	@node tools/build_js.mjs

clean: ## what can be made again; never var/, where the workshops are
	@rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
