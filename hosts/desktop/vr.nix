# Virtual reality: WiVRn streams to a headset in the house, and Steam's games find it as the system's OpenXR runtime.
# Not running by itself: started when the headset is put on. It answers on 9757, and is found by name (mDNS).
{
  services.wivrn = {
    enable = true;
    autoStart = false;
    defaultRuntime = true;
    openFirewall = true;
  };
}
