"""The words that a problem's text leaves open: which month, which group of villagers, how many, how much."""

from random import Random

from flows.demo.plot import Plot

GROUPS = ("一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组")
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


def words_of_case(plot: Plot, random: Random) -> dict[str, str]:
    """The month and the quarter that were over when the problem was found, and the rest by lot.

    A relapse and a duplicate speak of the same group and amounts as the case that they name.
    """
    month = (plot.reported_on.month - 2) % 12 + 1
    quarter = ((plot.reported_on.month - 1) // 3 - 1) % 4
    group = random.choice(GROUPS)
    yuan = random.choice((random.randrange(800, 9900, 20), random.randrange(10000, 68000, 100)))
    drawn = {
        "month": f"{month}月",
        "quarter": QUARTERS[quarter],
        "year": str(plot.reported_on.year - (1 if plot.reported_on.month < 4 else 0)),
        "group": group,
        "n": str(random.randint(3, 9)),
        "sum": f"{yuan / 10000:g} 万元" if yuan >= 10000 else f"{yuan} 元",
        "village": plot.village.name,
        "place": random.choice(("村部", "村部东侧", f"{group}", f"{group}路口", "便民服务大厅")),
    }
    named = plot.relapse_of or plot.duplicate_of
    plot.filled = {**drawn, **(named.filled if named else {}), **plot.filled}
    if plot.relapse_of is not None:
        plot.filled |= {"month": drawn["month"], "quarter": drawn["quarter"]}
    return plot.filled
