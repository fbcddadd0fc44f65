using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Settings;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>
/// The file of profiles: <c>pipeline/config.json</c> in the user's configuration directory, or the path in PIPELINE_CONFIG.
/// </summary>
internal sealed class ProfileFile
{
    private readonly string _path;
    private readonly ProfileFileBody _body;

    private ProfileFile(string path, ProfileFileBody body) => (_path, _body) = (path, body);

    public static string DefaultPath => Environment.GetEnvironmentVariable("PIPELINE_CONFIG") is { Length: > 0 } path
        ? path
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "pipeline",
            "config.json");

    public string? Current => _body.Current;

    public IReadOnlyDictionary<string, Profile> Profiles => _body.Profiles;

    /// <summary>Reads the file. A missing file has no profiles.</summary>
    /// <exception cref="UsageException">The file cannot be read or is invalid.</exception>
    public static ProfileFile Read()
    {
        var path = DefaultPath;
        try
        {
            using var file = File.OpenRead(path);
            var body = JsonSerializer.Deserialize(file, ProfileFileJson.Default.ProfileFileBody) ?? throw new JsonException("it is null");
            body = body with { Profiles = body.Profiles ?? [] };
            foreach (var (name, _) in body.Profiles.Where(static profile => profile.Value?.Servers is not { Count: > 0 } servers
                || servers.Any(static server => server is null)))
            {
                throw new JsonException($"profile '{name}' has no servers.");
            }

            return new(path, body);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(path, new(Current: null, []));
        }
        catch (JsonException fault)
        {
            throw new UsageException(
                $"The file of profiles, {path}, is invalid: {fault.Message} A profile holds no secrets, "
                    + "only the names of files and variables that do. Mend it, or remove it and use `pipeline profile add`.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The file of profiles, {path}, cannot be read: {fault.Message}");
        }
    }

    /// <summary>Finds a profile by name.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public Profile Find(string name) => Profiles.TryGetValue(name, out var profile) ? profile : throw Unknown(name);

    /// <summary>Adds a profile, or replaces the one of that name; the first becomes the one in use.</summary>
    public ProfileFile With(string name, Profile profile)
    {
        var profiles = new SortedDictionary<string, Profile>(_body.Profiles, StringComparer.Ordinal) { [name] = profile };
        return new(_path, new(Current ?? name, profiles));
    }

    /// <summary>Makes a profile the one in use.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public ProfileFile Using(string name) => Profiles.ContainsKey(name) ? new(_path, _body with { Current = name }) : throw Unknown(name);

    /// <summary>Removes a profile. If it was in use, no profile is in use afterwards.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public ProfileFile Without(string name)
    {
        var profiles = new SortedDictionary<string, Profile>(_body.Profiles, StringComparer.Ordinal);
        return profiles.Remove(name) ? new(_path, new(Current == name ? null : Current, profiles)) : throw Unknown(name);
    }

    /// <summary>Replaces the file in one step, so that an interrupted command leaves the old file. Only its owner can read it.</summary>
    public void Write()
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(_path))!;
        if (!Directory.Exists(directory))
        {
            CreatePrivately(directory);
        }

        var fresh = $"{_path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(fresh, options))
        {
            JsonSerializer.Serialize(file, _body, ProfileFileJson.Default.ProfileFileBody);
        }

        File.Move(fresh, _path, overwrite: true);
    }

    private static void CreatePrivately(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private UsageException Unknown(string name) => new(
        $"There is no profile '{name}' in {_path}, which --profile, PIPELINE_PROFILE or the command names."
        + (Similar.To(name, Profiles.Keys) is { } meant ? $" Did you mean '{meant}'?" : $" Add it: pipeline profile add {name} --server URL"));
}

/// <summary>The contents of the file.</summary>
internal sealed record ProfileFileBody(string? Current, SortedDictionary<string, Profile> Profiles);

/// <summary>The JSON of the file, generated when it is compiled.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true)]
[JsonSerializable(typeof(ProfileFileBody))]
internal sealed partial class ProfileFileJson : JsonSerializerContext;
