-- Who may enter this database at all. Run by the bootstrap, and again after a copy of the database (a copy forgets it).
do $$
begin
  execute format('alter database %I owner to cms_owner', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to cms_people, cms_receiver, cms_deployer', current_database());
  execute format('grant temporary on database %I to cms_bookkeeper', current_database());
end $$;
