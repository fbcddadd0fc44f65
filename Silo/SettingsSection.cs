using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Orleans.Pipeline.Silo;

/// <summary>Reads typed values from a section of the configuration and says which key is wrong; every key in it must be read.</summary>
internal sealed class SettingsSection(IConfiguration section)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public string? Text(string key)
    {
        _known.Add(key);
        return section[key] is { Length: > 0 } text ? text : null;
    }

    public int? Port(string key) => Text(key) is null ? null : (int)Number(key, 0, 1, ushort.MaxValue);

    public long Number(string key, long otherwise, long least, long most = long.MaxValue)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new InvalidSiloSettingException(key, $"is '{text}'. Give a number, {least} {(most == long.MaxValue ? "or more" : $"to {most}")}.");
    }

    public TimeSpan Time(string key, TimeSpan otherwise, TimeSpan least)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time) && time >= least && time <= TimeSpan.FromDays(1)
            ? time
            : throw new InvalidSiloSettingException(key, $"is '{text}'. Give a time from {least:c} to a day, as hours:minutes:seconds: 00:00:02.5.");
    }

    public bool Truth(string key, bool otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        return bool.TryParse(text, out var truth) ? truth : throw new InvalidSiloSettingException(key, $"is '{text}'. Give true or false.");
    }

    public IPAddress Address(string key, IPAddress otherwise)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        return IPAddress.TryParse(text, out var address)
            ? address
            : throw new InvalidSiloSettingException(key, $"is '{text}'. Give an IP address, such as 10.0.0.7.");
    }

    public T OneOf<T>(string key, T otherwise)
        where T : struct, Enum
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
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
