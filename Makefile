# Everything one types to run and to work on Multitude. Needs python3 (3.9 or later) with pip, and nothing else:
# uv comes into .tools/, a Python 3.12 or later is found or fetched, the locked requirements go into .venv/.

PYTHON := .venv/bin/python

# What must not meet the newspaper in data/ gets an empty folder of its own.
APART = folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && trap 'exit 130' INT TERM && DATA_DIR="$$folder"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help run install test faults hostile lint audit format bench lock vnu clean absent

help:
	@echo 'make run     installe ce qu’il faut, crée le journal de démonstration et le sert (PORT, 8000 par défaut)'
	@echo 'make install installe ce qu’il faut pour servir le site, et ne lance rien'
	@echo 'make test    tous les tests ; make test ARGS="-k flux" pour en choisir'
	@echo 'make faults  arrête, gèle et tue ce dont le site dépend (PostgreSQL, Redis, disque, processus), et regarde ce que voient les lecteurs'
	@echo 'make lint    ruff, djlint, mypy, migrations oubliées, réglages de production'
	@echo 'make audit   cherche des avis de sécurité sur les dépendances verrouillées, ou dit qu’il n’a pas pu'
	@echo 'make hostile envoie toutes les valeurs hostiles à tous les paramètres de toutes les adresses : des heures de calcul'
	@echo 'make format  met le code Python en forme'
	@echo 'make bench   mesure débit, coût, croissance et mémoire, en une demi-heure ; make bench ARGS="growth --quick" pour choisir'
	@echo 'make lock    met à jour les versions de requirements.txt et requirements-dev.txt'
	@echo 'make vnu     installe le validateur HTML d’un des tests (demande npm, et Java 11 ou plus récent pour le test)'
	@echo 'make clean   retire tout ce que ce fichier installe ; le journal (data/) reste'

run: staticfiles/.fait
	@exec $(PYTHON) manage.py serve

# Compiled, since the account of a service may not write beside the code.
install: staticfiles/.fait
	@$(PYTHON) -m compileall -q multitude articles comments

test: .venv/.installe-dev staticfiles/.fait
	@$(APART) $(PYTHON) -m pytest $(ARGS)

faults: .venv/.installe-dev staticfiles/.fait
	@$(APART) FAULTS=1 $(PYTHON) -m pytest --numprocesses=2 tests/faults $(ARGS)

lint: .venv/.installe-dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/djlint templates --lint --quiet
	@$(APART) $(PYTHON) -m mypy
	@$(APART) $(PYTHON) manage.py makemigrations --check --dry-run
	@secret=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))'); \
	$(APART) SECRET_KEY="$$secret" DEBUG=0 \
		SITE_URL=https://exemple.fr ALLOWED_HOSTS=exemple.fr EMAIL_URL=smtp://smtp.exemple.fr:587 \
		$(PYTHON) manage.py check --deploy --fail-level WARNING

audit: .venv/.installe-dev
	@$(PYTHON) deploy/audit.py

hostile: .venv/.installe-dev staticfiles/.fait
	@HOSTILE=$${HOSTILE:-all} $(APART) $(PYTHON) -m pytest tests/hostile $(ARGS)

format: .venv/.installe-dev
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

bench: .venv/.installe-dev staticfiles/.fait
	@$(PYTHON) -m bench $(ARGS)

lock:
	@sh deploy/bootstrap.sh lock

vnu: .tools/vnu/vnu.jar

clean:
	rm -rf .verrou .tools .tools.partiel .venv staticfiles .mypy_cache .pytest_cache .ruff_cache .hypothesis

.tools/vnu/vnu.jar: deploy/bootstrap.sh
	@sh deploy/bootstrap.sh vnu
	@touch $@

# An environment whose Python is gone (an upgrade, a folder copied from elsewhere), or that was left half made, is made again.
.venv/.installe: requirements.txt $(shell test -x $(PYTHON) && test ! -e .venv/.inacheve || echo absent)
	@sh deploy/bootstrap.sh install requirements.txt
	@touch $@

.venv/.installe-dev: requirements-dev.txt .venv/.installe
	@sh deploy/bootstrap.sh install requirements-dev.txt
	@touch $@

# Folders are listed beside files: their date changes when a file is taken away.
staticfiles/.fait: multitude/settings.py .venv/.installe $(shell find static 2>/dev/null)
	@echo 'Préparation des fichiers statiques'
	@$(APART) $(PYTHON) manage.py collectstatic --no-input --verbosity 0
	@touch $@
