# The university's Wi-Fi. Who logs in, and with what, is a secret and comes from the fleet.
{
  networking.networkmanager.ensureProfiles.profiles.eduroam = {
    connection = {
      id = "eduroam";
      type = "wifi";
      interface-name = "wlp1s0";
    };
    wifi = {
      mode = "infrastructure";
      ssid = "eduroam";
    };
    wifi-security.key-mgmt = "wpa-eap";
    "802-1x" = {
      eap = "peap;";
      phase2-auth = "mschapv2";
      system-ca-certs = false;
    };
    ipv4.method = "auto";
    ipv6.method = "auto";
  };
}
