using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Orleans.Pipeline.Silo;

/// <summary>Reads typed values from a configuration section and reports invalid keys. Every key in the section must be read.</summary>
internal sealed class SettingsSection(IConfiguration section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public string? GetText(string key)
    {
        _known.Add(key);
        return section[key] is { Length: > 0 } text ? text : null;
    }

    public int? GetPort(string key) => GetText(key) is null ? null : (int)GetNumber(key, 0, 1, ushort.MaxValue);

    public long GetNumber(string key, long defaultValue, long minimum, long maximum = long.MaxValue)
    {
        if (GetText(key) is not { } text)
        {
            return defaultValue;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum
            && number <= maximum
            ? number
            : throw new InvalidSiloSettingException(
                key, $"is '{text}'. Give a number, {minimum} {(maximum == long.MaxValue ? "or more" : $"to {maximum}")}.");
    }

    public TimeSpan GetTime(string key, TimeSpan defaultValue, TimeSpan minimum, TimeSpan? maximum = null)
    {
        if (GetText(key) is not { } text)
        {
            return defaultValue;
        }

        return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time)
            && time >= minimum
            && time <= (maximum ?? TimeSpan.FromDays(1))
            ? time
            : throw new InvalidSiloSettingException(
                key,
                $"is '{text}'. Give a time from {minimum:c} to "
                + (maximum is { } longest ? $"{longest:c}, as days.hours:minutes:seconds: 7.00:00:00." : "a day, as hours:minutes:seconds: 00:00:02.5."));
    }

    public bool GetBoolean(string key, bool defaultValue)
    {
        if (GetText(key) is not { } text)
        {
            return defaultValue;
        }

        return bool.TryParse(text, out var truth) ? truth : throw new InvalidSiloSettingException(key, $"is '{text}'. Give true or false.");
    }

    public IPAddress GetAddress(string key, IPAddress defaultValue)
    {
        if (GetText(key) is not { } text)
        {
            return defaultValue;
        }

        return IPAddress.TryParse(text, out var address)
            ? address
            : throw new InvalidSiloSettingException(key, $"is '{text}'. Give an IP address, such as 10.0.0.7.");
    }

    public T GetEnum<T>(string key, T defaultValue)
        where T : struct, Enum
    {
        if (GetText(key) is not { } text)
        {
            return defaultValue;
        }

        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new InvalidSiloSettingException(key, $"is '{text}'. Give one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    public void RefuseUnread()
    {
        if (section.GetChildren().FirstOrDefault(child => !_known.Contains(child.Key)) is { } unknown)
        {
            throw new InvalidSiloSettingException(unknown.Key, $"does not exist. There are: {string.Join(", ", _known.Order())}.");
        }
    }
}
