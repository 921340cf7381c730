# The browser: Firefox with rules that hold for all its profiles. What is in its folders of bookmarks is said by the
# fleet (the house's own pages) and by taste (./taste/bookmarks.nix).
{
  config,
  lib,
  pkgs,
  ...
}:
let
  name = config.home.username;
in
{
  programs.firefox = {
    enable = true;
    configPath = ".mozilla/firefox";
    languagePacks = [ "fr_FR" ];

    policies = {
      BlockAboutConfig = false;
      DefaultDownloadDirectory = "\${home}/Downloads";
      DisableFirefoxStudies = true;
      DisablePocket = true;
      DisableTelemetry = true;
      DisplayBookmarksToolbar = "always";
      EnableTrackingProtection = {
        Value = true;
        Locked = true;
        Cryptomining = true;
        Fingerprinting = true;
      };
      # home-manager says `false` as soon as a profile has bookmarks; the rule's own folder is what counts here.
      NoDefaultBookmarks = lib.mkForce true;
      # Passwords are in Vaultwarden.
      OfferToSaveLogins = false;
      PasswordManagerEnabled = false;
    };

    profiles.${name} = {
      isDefault = true;
      extensions = {
        force = true;
        packages = with pkgs.nur.repos.rycee.firefox-addons; [
          bitwarden
          metamask
          pywalfox
          ublock-origin
        ];
        settings."uBlock0@raymondhill.net".settings.selectedFilterLists = [
          "ublock-filters"
          "ublock-badware"
          "ublock-privacy"
          "ublock-unbreak"
          "ublock-quick-fixes"
        ];
      };
      settings = {
        # A private route asks for the certificate: the one that fits is shown without a question.
        "security.default_personal_cert" = "Select Automatically";

        "browser.aboutConfig.showWarning" = false;
        "browser.compactmode.show" = true;
        "browser.download.panel.shown" = true;
        "browser.newtabpage.activity-stream.feeds.topsites" = false;
        "browser.newtabpage.activity-stream.showSponsored" = false;
        "browser.newtabpage.activity-stream.showSponsoredTopSites" = false;
        "browser.newtabpage.pinned" = [
          {
            title = "QGRoget";
            url = config.fleet.home;
          }
        ];
        "browser.send_pings" = false;
        "browser.shell.checkDefaultBrowser" = false;
        "browser.startup.homepage" = config.fleet.home;
        "browser.tabs.closeWindowWithLastTab" = false;
        "browser.uidensity" = 1;
        "dom.event.clipboardevents.enabled" = false;
        "extensions.autoDisableScopes" = 0;
        "extensions.pocket.enabled" = false;
        "general.smoothScroll" = true;
        "gfx.webrender.all" = true;
        "media.ffmpeg.vaapi.enabled" = true;
        "media.rdd-ffmpeg.enabled" = true;
        "pdfjs.sidebarViewOnLoad" = 0;
        "privacy.trackingprotection.enabled" = true;
        "privacy.trackingprotection.socialtracking.enabled" = true;
        "signon.autofillForms" = false;
        "signon.rememberSignons" = false;
        "widget.dmabuf.force-enabled" = true;
      };
    };
  };
  stylix.targets.firefox.profileNames = [ name ];

  # For pages that want Chromium, with the wallets.
  programs.chromium = {
    enable = true;
    package = pkgs.brave;
    extensions = [
      { id = "nkbihfbeogaeaoehlefnkodbefgpgknn"; }
      { id = "ddkjiahejlhfcafbddmgiahcphecmpfh"; }
      { id = "nngceckbapebfimnlniiiahkandclblb"; }
    ];
  };
}
