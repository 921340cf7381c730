#!/bin/sh
echo scrub
