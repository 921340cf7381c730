# Sound: PipeWire, which speaks for ALSA, PulseAudio and JACK.
{ pkgs, ... }:
{
  # PipeWire asks it for real-time priority.
  security.rtkit.enable = true;
  services.pulseaudio.enable = false;
  services.pipewire = {
    enable = true;
    alsa.enable = true;
    # Games are 32-bit programs.
    alsa.support32Bit = true;
    pulse.enable = true;
    jack.enable = true;
  };
  # Packages are built with support for PulseAudio, which PipeWire answers.
  nixpkgs.config.pulseaudio = true;

  # The buttons of a headset reach whatever is playing.
  systemd.user.services.mpris-proxy = {
    description = "Mpris proxy";
    after = [
      "network.target"
      "sound.target"
    ];
    wantedBy = [ "default.target" ];
    serviceConfig.ExecStart = "${pkgs.bluez}/bin/mpris-proxy";
  };
}
