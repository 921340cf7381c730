# Sound: PipeWire, which speaks for ALSA, PulseAudio and JACK.
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
}
