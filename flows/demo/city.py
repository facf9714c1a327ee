"""澄川市: an invented city with its counties, towns, villages and member departments. Code 99 belongs to nobody."""

from dataclasses import dataclass, field
from datetime import date, datetime

from casework.models import Responsibility, Unit, UnitName
from casework.models.history import record_many
from casework.models.unit import UnitLevel

PROVINCE_CODE = "99"
CITY_CODE = "9901"
PROVINCE = "岚江省"
CITY = "澄川市"


@dataclass(frozen=True)
class County:
    name: str
    code: str
    office_code: str
    towns: dict[str, str]
    is_functional_zone: bool = False


# Two villages are called 柳湾村, as names do repeat between towns.
COUNTIES = (
    County(
        "栖梧区",
        "990102",
        "QW",
        {
            "梧岗街道": "梧荫社区 栖凤里社区 桐花社区 南薰社区 听松社区 墨池里社区 渡桥村 上梧村 下梧村 老井坊村",
            "青筠镇": "筠溪村 竹坞村 篁里村 新篁村 青箬村 笋岭村 岭背坳村 沙塝村 汪家垱村 柳湾村",
            "柳汀镇": "柳汀村 芦花荡村 鹭洲村 渔梁渡村 苇荡村 长苇村 南浦坝村 回澜村 蓼岸村 雁凫村",
        },
    ),
    County(
        "望溪县",
        "990121",
        "WX",
        {
            "溪阳镇": "溪阳村 望溪桥村 枕流村 漱石村 双溪汊村 濯缨村 洗砚村 濂源村 板桥垄村 樟树垭村",
            "石磬镇": "磬山村 石鼓坪村 鸣泉坞村 空谷村 落雁坡村 叠翠村 岩下塆村 柳湾村 罗家硖村 松涛坳村",
            "竹篱镇": "竹篱村 东篱村 菊圃村 南山垭村 半亩塘村 麦秋村 桑榆村 禾丰垸村 谷雨村 柴扉村",
            "雁归镇": "雁归村 落霞坪村 霜林村 寒汀村 归鸿村 秋水塘村 长亭岗村 白露村 蒹葭村 月汀村",
        },
    ),
    County(
        "云陂县",
        "990122",
        "YB",
        {
            "云岫镇": "云岫村 出岫村 岚光村 听云村 半山亭村 鹿衔村 药圃村 石梯坎村 云阶村 雾溪村",
            "藕香镇": "藕香村 莲蓬垸村 荷盖村 菱角塘村 采菱村 芡实塘村 水磨湾村 鸭栏村 塘心村 新塘角村",
            "磨砚镇": "磨砚村 砚池村 墨溪村 纸槽村 笔架坳村 文笔坳村 书带村 松烟村 砚背村 刻石村",
            "杏帘乡": "杏帘村 杏坞村 酒旗村 梨云村 桃坞岭村 李下村 榆钱村 槐序村 春社村 百舌村",
        },
    ),
    County(
        "澄川高新区",
        "990171",
        "GX",
        {"澄东街道": "澄东社区 创园社区 云栈社区 科苑里社区 澄心社区 星桥社区 东陂村 新屋塝村 沟尾村 团坪村"},
        is_functional_zone=True,
    ),
)
# The zone grew over some villages of its neighbour; the statistical parent stayed.
ZONE = "澄川高新区"
ZONE_TOWN = "柳汀镇"
ZONE_VILLAGES = ("鹭洲村", "渔梁渡村", "苇荡村", "南浦坝村", "回澜村")
KEY_VILLAGES = ("汪家垱村", "沙塝村", "濯缨村", "罗家硖村", "半亩塘村", "石梯坎村", "菱角塘村", "墨溪村", "东陂村")
# Statistically communities, without a committee of their own.
WITHOUT_COMMITTEE = ("栖凤里社区", "科苑里社区")
DISCIPLINE = "市纪委监委"
AGRICULTURE = "市农业农村局"
DEPARTMENTS = (
    DISCIPLINE,
    "市委组织部",
    "市财政局",
    "市民政局",
    AGRICULTURE,
    "市乡村振兴局",
    "市住房城乡建设局",
    "市驻村办",
)
RENAMED = {"市乡村振兴局": ("市扶贫办", date(2021, 6, 30))}


@dataclass
class City:
    """The units, by what the stories ask for."""

    city: Unit
    counties: dict[str, Unit] = field(default_factory=dict)
    towns: dict[str, Unit] = field(default_factory=dict)
    villages: list[Unit] = field(default_factory=list)
    departments: dict[str, Unit] = field(default_factory=dict)

    def village(self, name: str) -> Unit:
        return next(village for village in self.villages if village.name == name)

    def county_of(self, village: Unit) -> Unit:
        """The county whose office answers for a village today."""
        assert village.parent is not None and village.parent.parent is not None
        is_given = village.parent.name == ZONE_TOWN and village.name in ZONE_VILLAGES
        return self.counties[ZONE] if is_given else village.parent.parent


def build_city(*, today: date, at: datetime) -> City:
    """Write the units level by level, with their names and the zone's responsibilities, and all of it with history."""
    province = Unit(code=PROVINCE_CODE, name=PROVINCE, level=UnitLevel.PROVINCE)
    _write([province], first=_free_number())
    top = Unit(code=CITY_CODE, name=CITY, level=UnitLevel.CITY, parent=province, office_code="CC")
    _write([top])
    departments = [
        Unit(
            code=f"{CITY_CODE}D{number:02d}",
            name=name,
            level=UnitLevel.DEPARTMENT,
            parent=top,
            is_discipline_office=name == DISCIPLINE,
        )
        for number, name in enumerate(DEPARTMENTS, start=1)
    ]
    counties = [
        Unit(
            code=county.code,
            name=county.name,
            level=UnitLevel.COUNTY,
            parent=top,
            office_code=county.office_code,
            is_functional_zone=county.is_functional_zone,
        )
        for county in COUNTIES
    ]
    _write([*counties, *departments])
    towns = [
        Unit(
            code=f"{unit.code}{(0 if name.endswith('街道') else 100) + number:03d}",
            name=name,
            level=UnitLevel.TOWN,
            parent=unit,
        )
        for county, unit in zip(COUNTIES, counties, strict=True)
        for number, name in enumerate(county.towns, start=1)
    ]
    _write(towns)
    names = {name: words.split() for county in COUNTIES for name, words in county.towns.items()}
    villages = [
        Unit(
            code=f"{town.code}{(0 if name.endswith('社区') else 200) + number:03d}",
            name=name,
            level=UnitLevel.VILLAGE,
            parent=town,
            has_committee=name not in WITHOUT_COMMITTEE,
            is_key_village=name in KEY_VILLAGES,
        )
        for town in towns
        for number, name in enumerate(names[town.name], start=1)
    ]
    _write(villages)
    made = City(
        city=top,
        counties={unit.name: unit for unit in counties},
        towns={unit.name: unit for unit in towns},
        villages=villages,
        departments={unit.name: unit for unit in departments},
    )
    _name([province, top, *counties, *departments, *towns, *villages])
    _give_zone_its_villages(made, today=today)
    return made


def _free_number() -> int:
    return Unit.objects.filter(parent=None).count() + 1


def _write(units: list[Unit], *, first: int = 1) -> None:
    """Number the children under their parents' paths and write one level of the tree."""
    last: dict[str, int] = {}
    for unit in units:
        above = unit.parent.path if unit.parent else ""
        last[above] = last.get(above, first - 1) + 1
        unit.path = above + str(last[above]).zfill(Unit.PATH_STEP)
    Unit.objects.bulk_create(units)
    record_many(units, change="+")


def _name(units: list[Unit]) -> None:
    names = [UnitName(unit=unit, name=unit.name) for unit in units if unit.name not in RENAMED]
    for unit in units:
        if unit.name in RENAMED:
            earlier, until = RENAMED[unit.name]
            names.append(UnitName(unit=unit, name=earlier, valid_until=until))
            names.append(UnitName(unit=unit, name=unit.name, valid_from=until.replace(month=until.month + 1, day=1)))
    UnitName.objects.bulk_create(names)
    record_many(names, change="+")


def _give_zone_its_villages(made: City, *, today: date) -> None:
    responsibilities = [
        Responsibility(
            territory=village,
            responsible=made.counties[ZONE],
            valid_from=date(today.year - 2, 1, 1),
            note="市政府会议纪要：代管期间，问题整改由高新区负责",
        )
        for village in made.villages
        if village.parent == made.towns[ZONE_TOWN] and village.name in ZONE_VILLAGES
    ]
    Responsibility.objects.bulk_create(responsibilities)
    record_many(responsibilities, change="+")
