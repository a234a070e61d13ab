pytest_plugins = ("portal",)
