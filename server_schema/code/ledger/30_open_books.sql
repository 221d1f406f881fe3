-- role: cms_bookkeeper

create or replace function ledger.open_books(new_id int) returns void
language plpgsql security definer set search_path = '' as $$
-- The books of a new company: its chart of accounts, with the accounts that postings look for by role. For the deployer only.
begin
  perform ledger.seed_accounts(new_id);
end $$;

create or replace function ledger.seed_accounts(of_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- The default chart of a security company: mastri (two digits), conti (14.01) and some sottoconti (58.10.01). What the company has stays as it
-- is: an account whose code is there already is left alone, a role that has its account is not given again. For founding and upgrades only.
begin
  insert into ledger.account (company_id, code, name, kind, role, is_postable)
  select of_company, c.code, c.name, c.kind, case when exists (select from ledger.account as o where o.company_id = of_company and o.role = c.role) then '' else c.role end,
         c.is_postable
  from ledger.default_chart() as c
  on conflict (company_id, code) do nothing;
  perform ledger.adopt_accounts(of_company);
end $$;

create or replace function ledger.adopt_accounts(of_company int) returns void
language plpgsql security definer set search_path = '' as $$
-- Accounts without a parent whose code lies below a group (14.01 below 14) find their place in the chart.
begin
  update ledger.account as a set parent_id = p.account_id, row_version = a.row_version + 1
  from ledger.account as p
  where a.company_id = of_company and p.company_id = of_company and not p.is_postable and a.parent_id is null
    and strpos(a.code, '.') > 0 and p.code = regexp_replace(a.code, '\.[^.]+$', '');
end $$;

create or replace function ledger.default_chart() returns table (code text, name text, kind text, role text, is_postable boolean)
language sql immutable set search_path = '' as $$
  select split_part(t.row, '|', 1), split_part(t.row, '|', 2),
         case left(split_part(t.row, '|', 3), 1) when 'A' then 'asset' when 'L' then 'liability' when 'Q' then 'equity' when 'R' then 'income'
           when 'C' then 'expense' else 'memo' end,
         split_part(t.row, '|', 4), right(split_part(t.row, '|', 3), 1) <> '+'
  from regexp_split_to_table(btrim($chart$
02|Immobilizzazioni immateriali|A+|
02.01|Licenze e programmi software|A|
02.05|Avviamento|A|
02.09|Altre immobilizzazioni immateriali|A|
03|Fondi ammortamento immobilizzazioni immateriali|A+|
03.01|F.do ammortamento licenze e software|A|
04|Immobilizzazioni materiali|A+|
04.01|Terreni e fabbricati|A|
04.05|Impianti e centrale operativa|A|
04.06|Apparati radio e ponti ripetitori|A|
04.07|Impianti d'allarme in comodato presso clienti|A|
04.10|Autovetture e automezzi di pattuglia|A|
04.11|Furgoni blindati|A|
04.15|Armi e giubbotti antiproiettile|A|
04.20|Mobili e macchine d'ufficio|A|
05|Fondi ammortamento immobilizzazioni materiali|A+|
05.01|F.do ammortamento fabbricati|A|
05.05|F.do ammortamento impianti e centrale|A|
05.06|F.do ammortamento apparati radio|A|
05.07|F.do ammortamento impianti in comodato|A|
05.10|F.do ammortamento automezzi|A|
05.15|F.do ammortamento armi e giubbotti|A|
05.20|F.do ammortamento mobili e macchine|A|
06|Immobilizzazioni finanziarie|A+|
06.01|Partecipazioni|A|
06.05|Depositi cauzionali a fornitori|A|
10|Rimanenze|A+|
10.01|Materiale d'impianti|A|
10.05|Vestiario e divise|A|
14|Crediti|A+|
14.01|Crediti verso clienti|A|receivable
14.02|Fatture da emettere|A|
14.05|Effetti attivi|A|effects
14.06|Effetti insoluti|A|effects_unpaid
14.07|Crediti in contenzioso|A|
14.09|F.do svalutazione crediti|A|
14.20|Erario c/ritenute subite|A|withholding
14.21|Erario c/acconti d'imposta|A|
14.25|IVA a credito su acquisti|A|vat_purchases
14.30|Crediti verso dipendenti|A|
14.40|Crediti diversi|A|
18|Disponibilità liquide|A+|
18.01|Banca c/c|A|bank
18.05|Cassa|A|cash
18.09|Valori bollati|A|
19|Ratei e risconti attivi|A+|
19.01|Ratei attivi|A|
19.05|Risconti attivi|A|
20|Patrimonio netto|Q+|
20.01|Capitale sociale|Q|
20.05|Riserva legale|Q|
20.06|Altre riserve|Q|
20.08|Utili e perdite portati a nuovo|Q|
20.10|Utile (perdita) dell'esercizio|Q|year_result
22|Fondi per rischi e TFR|L+|
22.01|F.do rischi e cauzioni prefettizie|L|
22.10|Trattamento di fine rapporto|L|
24|Debiti finanziari|L+|
24.01|Anticipi SBF|L|effects_advance
24.05|Mutui e finanziamenti|L|
24.09|Debiti verso società di leasing|L|
25|Debiti commerciali|L+|
25.01|Debiti verso fornitori|L|payable
25.02|Fatture da ricevere|L|
25.05|Clienti c/anticipi|L|
25.06|Depositi cauzionali da clienti|L|deposits
25.10|Provvigioni da liquidare ai produttori|L|
26|Debiti tributari|L+|
26.01|IVA a debito su vendite|L|vat_sales
26.02|IVA a esigibilità differita|L|vat_suspended
26.03|IVA in scissione dei pagamenti|A|vat_split
26.05|Erario c/IVA|L|vat_due
26.10|Erario c/ritenute lavoro dipendente|L|
26.11|Erario c/ritenute lavoro autonomo e agenti|L|
26.15|Erario c/IRES|L|
26.16|Regioni c/IRAP|L|
26.20|Erario c/imposta di bollo|L|stamp_payable
27|Debiti previdenziali|L+|
27.01|INPS c/contributi|L|
27.05|INAIL c/premi|L|
27.10|ENASARCO c/contributi|L|
27.15|Fondi di previdenza complementare|L|
28|Altri debiti|L+|
28.01|Dipendenti c/retribuzioni|L|
28.05|Dipendenti c/ferie e permessi|L|
28.10|Cassa di previdenza c/contributo integrativo|L|
28.90|Debiti diversi|L|
29|Ratei e risconti passivi|L+|
29.01|Ratei passivi|L|
29.05|Risconti passivi (canoni anticipati)|L|
58|Ricavi delle prestazioni|R+|
58.01|Ricavi per servizi di vigilanza|R|revenue
58.02|Ricavi per piantonamento e vigilanza fissa|R|
58.03|Ricavi per ronda e ispezioni|R|
58.04|Ricavi per teleallarme e televigilanza|R|
58.05|Ricavi per interventi su allarme|R|
58.06|Ricavi per trasporto e custodia valori|R|
58.07|Ricavi per servizi fiduciari e portierato|R|
58.10|Ricavi per impianti|R+|
58.10.01|Vendita e installazione d'impianti|R|
58.10.02|Canoni di manutenzione impianti|R|
58.10.03|Noleggio d'impianti|R|
58.90|Abbuoni e sconti passivi su vendite|R|
59|Altri ricavi e proventi|R+|
59.01|Recupero imposta di bollo|R|stamp_recharge
59.02|Contributo integrativo addebitato|R|fund
59.05|Recupero spese d'incasso e di sollecito|R|
59.10|Interessi di mora da clienti|R|
59.15|Plusvalenze|R|
59.20|Interessi attivi bancari|R|
59.90|Sopravvenienze attive|R|
60|Acquisti|C+|
60.01|Materiale d'impianti|C|
60.05|Carburanti e lubrificanti|C|
60.06|Divise, vestiario e dotazioni|C|
60.07|Munizioni e addestramento al tiro|C|
60.20|Cancelleria e stampati|C|
62|Servizi|C+|
62.01|Servizi di altri istituti di vigilanza|C|
62.05|Manutenzione automezzi|C|
62.06|Manutenzione impianti e centrale|C|
62.10|Telefonia, ponti radio e connessioni dati|C|
62.15|Energia, acqua e riscaldamento|C|
62.20|Assicurazioni|C|
62.25|Consulenze legali, fiscali e del lavoro|C|
62.30|Provvigioni a produttori ed esattori|C|
62.31|Contributi ENASARCO|C|
62.35|Spese postali e recapito|C|
62.40|Pubblicità e gare|C|
62.50|Compensi amministratori e sindaci|C|
63|Godimento di beni di terzi|C+|
63.01|Affitti passivi|C|
63.05|Canoni di leasing e noleggio automezzi|C|
63.10|Concessioni e canoni radio|C|
64|Personale|C+|
64.01|Retribuzioni guardie particolari giurate|C|
64.02|Retribuzioni impiegati|C|
64.03|Retribuzioni operatori fiduciari|C|
64.05|Straordinari e indennità notturne e festive|C|
64.10|Contributi previdenziali|C|
64.15|Premi INAIL|C|
64.20|Accantonamento TFR|C|
64.25|Decreti, porto d'armi e visite mediche|C|
65|Ammortamenti e svalutazioni|C+|
65.01|Ammortamento immobilizzazioni immateriali|C|
65.05|Ammortamento immobilizzazioni materiali|C|
65.10|Svalutazione crediti|C|
66|Oneri diversi e finanziari|C+|
66.01|Spese bancarie|C|bank_fees
66.05|Imposta di bollo|C|stamp_duty
66.06|Tasse di concessione e licenze prefettizie|C|
66.09|Arrotondamenti|C|rounding
66.12|Interessi su IVA trimestrale|C|vat_interest
66.15|Interessi passivi bancari|C|
66.20|Sanzioni e multe|C|
66.25|Perdite su crediti|C|
66.30|Minusvalenze|C|
66.40|IVA indetraibile|C|vat_lost
66.90|Sopravvenienze passive|C|
68|Imposte sul reddito|C+|
68.01|IRES dell'esercizio|C|
68.02|IRAP dell'esercizio|C|
80|Conti di riepilogo|M+|
80.01|Profitti e perdite|M|profit_and_loss
80.05|Bilancio di chiusura|M|closing_balance
80.06|Bilancio di apertura|M|opening_balance
90|Conti d'ordine|M+|
90.01|Valori di terzi in custodia|M|
90.05|Fideiussioni e cauzioni prestate|M|
$chart$, E'\n'), E'\n') as t(row)
$$;

grant execute on function ledger.open_books(int), ledger.seed_accounts(int), ledger.adopt_accounts(int) to cms_deployer, cms_owner;
