"""Shared by the tests of the gate: the real packs, and the slow, obvious twins."""

import importlib.util
import sys
from pathlib import Path

import pytest

from entente.policy.domain.compile import compile_packs
from entente.policy.packs import load_packs


def _twin(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def packs():
    return load_packs()


@pytest.fixture(scope="session")
def compiled(packs):
    return compile_packs(packs)


@pytest.fixture(scope="session")
def python_twin():
    return _twin("python_twin")


@pytest.fixture(scope="session")
def sql_twin():
    return _twin("sql_twin")
