-- Consumer prices of the families of workers and employees without tobacco (FOI), as ISTAT publishes them for adjusting money values
-- (https://www.istat.it/notizia/indice-dei-prezzi-per-le-rivalutazioni-monetarie/, series 169_748 of esploradati.istat.it).
-- A new base carries the coefficient by which its values compare with the base before: 1.214 from 2025 to 2015.
insert into base.price_index_base (index_code, base_year, coefficient, source) values
  ('FOI', 2015, 1, 'ISTAT, base 2015 = 100'),
  ('FOI', 2025, 1.214, 'ISTAT, base 2025 = 100, coefficiente di raccordo con la base 2015: 1,214')
on conflict (index_code, base_year) do update set coefficient = excluded.coefficient, source = excluded.source
where (price_index_base.coefficient, price_index_base.source) is distinct from (excluded.coefficient, excluded.source);

insert into base.price_index (index_code, month_on, base_year, value, source)
select 'FOI', make_date(year, month::int, 1), base_year, value, 'ISTAT, FOI senza tabacchi'
from (values
  (2016, 2015, array[99.7, 99.5, 99.6, 99.6, 99.7, 99.9, 100.0, 100.2, 100.0, 100.0, 100.0, 100.3]),
  (2017, 2015, array[100.6, 101.0, 101.0, 101.3, 101.1, 101.0, 101.0, 101.4, 101.1, 100.9, 100.8, 101.1]),
  (2018, 2015, array[101.5, 101.5, 101.7, 101.7, 102.0, 102.2, 102.5, 102.9, 102.4, 102.4, 102.2, 102.1]),
  (2019, 2015, array[102.2, 102.3, 102.5, 102.6, 102.7, 102.7, 102.7, 103.2, 102.5, 102.4, 102.3, 102.5]),
  (2020, 2015, array[102.7, 102.5, 102.6, 102.5, 102.3, 102.4, 102.3, 102.5, 101.9, 102.0, 102.0, 102.3]),
  (2021, 2015, array[102.9, 103.0, 103.3, 103.7, 103.6, 103.8, 104.2, 104.7, 104.5, 105.1, 105.7, 106.2]),
  (2022, 2015, array[107.7, 108.8, 109.9, 109.7, 110.6, 111.9, 112.3, 113.2, 113.5, 117.2, 117.9, 118.2]),
  (2023, 2015, array[118.3, 118.5, 118.0, 118.4, 118.6, 118.6, 118.7, 119.1, 119.3, 119.2, 118.7, 118.9]),
  (2024, 2015, array[119.3, 119.3, 119.4, 119.3, 119.5, 119.5, 120.0, 120.1, 120.0, 120.1, 120.1, 120.2]),
  (2025, 2015, array[120.9, 121.1, 121.4, 121.3, 121.2, 121.3, 121.8, 121.8, 121.7, 121.4, 121.3, 121.5]),
  (2026, 2025, array[100.4, 100.9, 101.5, 102.5, 102.8, 102.8, 103.1, 103.7])
) as t(year, base_year, figures), unnest(figures) with ordinality as f(value, month)
on conflict (index_code, month_on) do update set base_year = excluded.base_year, value = excluded.value, source = excluded.source
where (price_index.base_year, price_index.value) is distinct from (excluded.base_year, excluded.value);
