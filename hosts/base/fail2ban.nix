# Who fails to log in three times stays out for a day, and longer each time.
{
  services.fail2ban = {
    enable = true;
    maxretry = 3;
    bantime = "24h";
    bantime-increment = {
      enable = true;
      # The growth that fail2ban's own documentation proposes (jail.conf, bantime.formula).
      formula = "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)";
      overalljails = true;
    };
  };
}
