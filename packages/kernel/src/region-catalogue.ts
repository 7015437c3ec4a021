/** A cloud provider whose regions are built in; `own` stands for those that spine.yaml adds. */
export type RegionProvider = 'aws' | 'gcp' | 'azure' | 'own';

/**
 * Public and sovereign regions of the three clouds, `COUNTRY: names`, as their documentation lists them (2026-11).
 * A region that is not here is unknown, and unknown is denied: spine.yaml adds it under `regions`.
 */
const aws = `
  US: us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1
  CA: ca-central-1 ca-west-1
  MX: mx-central-1
  BR: sa-east-1
  IE: eu-west-1
  GB: eu-west-2
  FR: eu-west-3
  DE: eu-central-1 eusc-de-east-1
  CH: eu-central-2
  SE: eu-north-1
  IT: eu-south-1
  ES: eu-south-2
  IL: il-central-1
  BH: me-south-1
  AE: me-central-1
  ZA: af-south-1
  HK: ap-east-1
  TW: ap-east-2
  IN: ap-south-1 ap-south-2
  JP: ap-northeast-1 ap-northeast-3
  KR: ap-northeast-2
  SG: ap-southeast-1
  AU: ap-southeast-2 ap-southeast-4
  ID: ap-southeast-3
  MY: ap-southeast-5
  NZ: ap-southeast-6
  TH: ap-southeast-7
  CN: cn-north-1 cn-northwest-1`;

const gcp = `
  US: us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4
  CA: northamerica-northeast1 northamerica-northeast2
  MX: northamerica-south1
  BR: southamerica-east1
  CL: southamerica-west1
  BE: europe-west1
  GB: europe-west2
  DE: europe-west3 europe-west10
  NL: europe-west4
  CH: europe-west6
  IT: europe-west8 europe-west12
  FR: europe-west9
  ES: europe-southwest1
  FI: europe-north1
  SE: europe-north2
  PL: europe-central2
  IL: me-west1
  QA: me-central1
  SA: me-central2
  ZA: africa-south1
  TW: asia-east1
  HK: asia-east2
  JP: asia-northeast1 asia-northeast2
  KR: asia-northeast3
  IN: asia-south1 asia-south2
  SG: asia-southeast1
  ID: asia-southeast2
  AU: australia-southeast1 australia-southeast2`;

const azure = `
  US: eastus eastus2 southcentralus northcentralus centralus westcentralus westus westus2 westus3 usgovvirginia usgovarizona usgovtexas usdodeast usdodcentral
  CA: canadacentral canadaeast
  MX: mexicocentral
  BR: brazilsouth brazilsoutheast
  CL: chilecentral
  IE: northeurope
  NL: westeurope
  GB: uksouth ukwest
  FR: francecentral francesouth
  DE: germanywestcentral germanynorth
  CH: switzerlandnorth switzerlandwest
  NO: norwayeast norwaywest
  SE: swedencentral swedensouth
  DK: denmarkeast
  PL: polandcentral
  IT: italynorth
  ES: spaincentral
  AT: austriaeast
  BE: belgiumcentral
  AE: uaenorth uaecentral
  QA: qatarcentral
  IL: israelcentral
  ZA: southafricanorth southafricawest
  IN: centralindia southindia westindia jioindiawest jioindiacentral
  HK: eastasia
  SG: southeastasia
  JP: japaneast japanwest
  KR: koreacentral koreasouth
  AU: australiaeast australiasoutheast australiacentral australiacentral2
  NZ: newzealandnorth
  ID: indonesiacentral
  MY: malaysiawest
  TW: taiwannorth taiwannorthwest
  CN: chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3`;

/** Every built-in region as [name, country, provider]. */
export function builtInRegions(): readonly (readonly [string, string, RegionProvider])[] {
  return [...read(aws, 'aws'), ...read(gcp, 'gcp'), ...read(azure, 'azure')];
}

function read(list: string, provider: RegionProvider): [string, string, RegionProvider][] {
  return list
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [country = '', names = ''] = line.trim().split(': ');
      return names.split(' ').map((name): [string, string, RegionProvider] => [name, country, provider]);
    });
}
