"""Supervision notices (督办单) and letters (督办函) as documents. They are official Chinese documents in any language."""
