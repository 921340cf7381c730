# The owner's taste: a few examples. It need not be complete, and nothing else depends on it: yours goes here.
# Folders of bookmarks beside the house's own.
{
  fleet.folders = [
    {
      name = "AI";
      pages = [
        {
          name = "ChatGPT";
          url = "https://chat.openai.com/";
        }
        {
          name = "Gemini";
          url = "https://gemini.google.com/";
        }
      ];
    }
    {
      name = "Nix";
      pages = [
        {
          name = "Home Manager - Option Search";
          url = "https://home-manager-options.extranix.com/";
        }
        {
          name = "NixOS Search";
          url = "https://search.nixos.org/packages";
        }
      ];
    }
  ];
}
