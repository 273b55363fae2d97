"""What lists of vouchers are found and sorted by; plain SQL in the file beside this one."""

from alembic import op

from counterfoil.store.migrate import statements_of

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for statement in statements_of(__file__):
        op.get_bind().exec_driver_sql(statement)
