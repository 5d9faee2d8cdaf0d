#!/bin/sh
# Makes the recorded speech of the simulated customers: 8 kHz, 16-bit, mono. Needs espeak-ng and sox.
set -eu
cd "$(dirname "$0")"

say() { # file, voice, words per minute, text
  espeak-ng -v "$2" -s "$3" --stdout "$4" |
    sox -t wav - -r 8000 -b 16 -c 1 -D "$1.wav" gain -3 highpass 200 lowpass 3400 norm -6 silence 1 0.01 0.1%
}

say enquiry en-gb+f3 165 "Hello, I asked for a call back about my order."
say delivery en-gb-scotland 165 "Good morning. When will my delivery arrive?"
